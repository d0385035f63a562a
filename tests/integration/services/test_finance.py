"""An invoice is drafted once, waits for its price, gets its number without gaps, and is taken back when its delivery is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.finance.billing import commands as billing_commands
from services.finance.billing.handlers import billing
from services.finance.invoices import commands
from services.finance.invoices.model import Invoice
from services.finance.prices import commands as prices_commands
from services.finance.settings import finance_settings
from shared.contracts.enrollment import AboutDelivery, DeliveryReversed, TrainingDelivered
from shared.contracts.finance import InvoiceIssued
from shared.contracts.values import Attendance, DeliveredEnterprise, Headcount
from shared.runtime import ids
from shared.runtime.context import SYSTEM, Principal, acting_as
from tests.integration.services import worlds
from tests.integration.services.conftest import Enter, fingerprint
from tests.integration.services.records import STORY, Group, facts_said, records_of
from tests.integration.services.worlds import ALPHA, BETA, days_ago

ENTERPRISE, TRAINING, SECOND = (ids.derived("tests", "finance", number) for number in range(3))
PRESENT = Attendance(managers=Headcount(women=1, men=1), workers=Headcount(women=1, men=1))
START = date(2020, 1, 1)


def delivery(kind: type[AboutDelivery], training: UUID = TRAINING, *enterprises: UUID, days: int = 9) -> AboutDelivery:
    said: dict[str, Any] = {
        "training_id": training, "module": "M1", "module_version": 1, "delivered_on": days_ago(days)[0], "provider_id": ALPHA,
        "lead_trainer_id": ids.derived("tests", "trainer"), "trainer_ids": (), "delivery_mode": "direct", "required_visits": 3,
        "enterprises": tuple(
            DeliveredEnterprise(enterprise_id=each, journey_id=ids.derived("journey", each, "M1"), attendance=PRESENT)
            for each in enterprises or (ENTERPRISE,)
        ),
    }  # fmt: skip
    if kind is DeliveryReversed:
        said |= {"reason": "not_held", "reversed_on": days_ago(0)[0]}
    return kind(**said)


@pytest.fixture
def system(enter: Enter) -> Any:
    enter("finance")
    with acting_as(SYSTEM):
        yield SYSTEM


def only_invoice() -> Invoice:
    (invoice,) = Invoice.objects
    return invoice


def test_a_delivery_bills_each_enterprise_once_however_often_it_is_told(system: Principal) -> None:
    group, records = Group(billing), records_of([delivery(TrainingDelivered, TRAINING, ENTERPRISE, ids.new())])
    assert group.take(records) == ["applied"]
    assert group.take([*records, *records]) == ["duplicate", "duplicate"]
    assert [invoice.state for invoice in Invoice.objects] == ["waiting_for_price"] * 2
    before = fingerprint()
    billing_commands.draft_delivery_invoice(
        enterprise_id=ENTERPRISE, module="M1", training_id=TRAINING, delivered_on=days_ago(9)[0], provider_id=ALPHA
    )
    assert fingerprint() == before


def test_an_invoice_waits_for_its_price(system: Principal) -> None:
    Group(billing).take(records_of([delivery(TrainingDelivered)]))
    assert commands.number_drafts() == 0
    prices: list[dict[str, Any]] = [
        {"module": "M2", "valid_from": START, "provider_id": ALPHA},
        {"module": "M1", "valid_from": START, "provider_id": BETA},
        {"module": "M1", "valid_from": days_ago(8)[0], "provider_id": ALPHA},
    ]
    for other in prices:
        prices_commands.set_price(**other, amount=5)
        assert only_invoice().state == "waiting_for_price", other
    prices_commands.set_price(module="M1", amount=7_000_000, valid_from=START)
    assert (only_invoice().state, only_invoice().total) == ("draft", 7_000_000)
    assert commands.number_drafts() == 1
    (fact,) = facts_said(InvoiceIssued)
    assert (fact.invoice_id, fact.total.amount, fact.training_id) == (only_invoice().id, 7_000_000, TRAINING)
    assert only_invoice().correlation_id == STORY


def test_a_providers_own_price_wins_and_the_newest_in_force(system: Principal) -> None:
    for amount, day, provider in (
        (1, START, None), (2, days_ago(20)[0], None), (3, START, ALPHA), (4, days_ago(9)[0], ALPHA), (5, days_ago(8)[0], ALPHA),
    ):  # fmt: skip
        prices_commands.set_price(module="M1", amount=amount, valid_from=day, provider_id=provider)
    Group(billing).take(records_of([delivery(TrainingDelivered)]))
    assert only_invoice().net == 4


def test_two_numberers_at_once_leave_no_gap_and_give_no_number_twice(
    system: Principal, configured: pytest.MonkeyPatch
) -> None:
    configured.setenv("SCORE_NUMBERING_BATCH", "3")
    finance_settings.cache_clear()
    for owner in (ALPHA, BETA):
        prices_commands.set_price(module="M1", amount=1_000, valid_from=START, provider_id=owner)
        for _ in range(6):
            worlds.invoice(owner, state="draft")

    def number(_: int) -> int:
        with acting_as(SYSTEM):
            return commands.number_drafts()

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(number, range(2))) == 12
    finance_settings.cache_clear()
    for owner in (ALPHA, BETA):
        numbers = sorted(str(invoice.number) for invoice in Invoice.objects(provider_id=owner))
        assert [int(given.rpartition("/")[2]) for given in numbers] == list(range(1, 7))
    told = [fact.number for fact in facts_said(InvoiceIssued)]
    assert len(told) == len(set(told)) == 12


def test_a_reversed_delivery_cancels_a_draft_and_bills_again_when_it_is_repeated(system: Principal) -> None:
    prices_commands.set_price(module="M1", amount=1_000, valid_from=START)
    group = Group(billing)
    told = records_of([delivery(TrainingDelivered), delivery(DeliveryReversed), delivery(TrainingDelivered)])
    group.take(told[:2])
    assert only_invoice().state == "cancelled"
    assert commands.number_drafts() == 0
    group.take(told[2:])
    assert (only_invoice().state, only_invoice().net) == ("draft", 1_000)


def test_an_issued_invoice_of_a_reversed_delivery_is_to_be_credited_never_changed(system: Principal) -> None:
    prices_commands.set_price(module="M1", amount=1_000, valid_from=START)
    group = Group(billing)
    told = records_of([delivery(TrainingDelivered), delivery(DeliveryReversed), delivery(TrainingDelivered)])
    group.take(told[:1])
    commands.number_drafts()
    number = only_invoice().number
    group.take(told[1:2])
    assert (only_invoice().state, only_invoice().needs_credit, only_invoice().number) == ("issued", True, number)
    group.take(told[2:])
    assert (only_invoice().state, only_invoice().needs_credit, only_invoice().number) == ("issued", False, number)
    assert len(facts_said(InvoiceIssued)) == 1


@pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1), (2, 0, 1)])
def test_a_classroom_held_again_is_billed_whatever_is_heard_first(system: Principal, order: tuple[int, ...]) -> None:
    """The first training was reversed and another one held instead: two keys, which have no order between them."""
    prices_commands.set_price(module="M1", amount=1_000, valid_from=START)
    facts = [delivery(TrainingDelivered), delivery(DeliveryReversed), delivery(TrainingDelivered, SECOND, days=5)]
    told = records_of(facts)
    Group(billing).take([told[place] for place in order])
    assert (only_invoice().state, only_invoice().training_id) == ("draft", SECOND)
    assert only_invoice().delivered_on == days_ago(5)[0]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_classrooms_of_one_module_make_one_invoice_for_the_first(system: Principal, order: tuple[int, ...]) -> None:
    prices_commands.set_price(module="M1", amount=1_000, valid_from=START)
    told = records_of([delivery(TrainingDelivered), delivery(TrainingDelivered, SECOND, days=5)])
    Group(billing).take([told[place] for place in order])
    assert (only_invoice().training_id, only_invoice().delivered_on) == (TRAINING, days_ago(9)[0])
