"""An invoice is drafted once, waits for its price, gets its number without gaps, and is taken back when its delivery is."""

from __future__ import annotations

import pytest

from services.finance.billing import commands as billing_commands
from services.finance.billing.handlers import billing
from services.finance.invoices import commands
from services.finance.invoices.model import Invoice
from services.finance.prices import commands as prices_commands
from shared.contracts.events.enrollment import DeliveryReversed, TrainingDelivered
from shared.contracts.events.finance import InvoiceIssued
from shared.kernel import ids
from shared.kernel.principal import Principal
from tests.support.deliveries import ENTERPRISE, SECOND, START, TRAINING, delivery, only_invoice
from tests.support.factories import ALPHA, days_ago
from tests.support.fingerprint import fingerprint
from tests.support.records import Group, events_said, records_of


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
    assert len(events_said(InvoiceIssued)) == 1


@pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1), (2, 0, 1)])
def test_a_classroom_held_again_is_billed_whatever_is_heard_first(system: Principal, order: tuple[int, ...]) -> None:
    """The first training was reversed and another one held instead: two keys, which have no order between them."""
    prices_commands.set_price(module="M1", amount=1_000, valid_from=START)
    events = [delivery(TrainingDelivered), delivery(DeliveryReversed), delivery(TrainingDelivered, SECOND, days=5)]
    told = records_of(events)
    Group(billing).take([told[place] for place in order])
    assert (only_invoice().state, only_invoice().training_id) == ("draft", SECOND)
    assert only_invoice().delivered_on == days_ago(5)[0]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_classrooms_of_one_module_make_one_invoice_for_the_first(system: Principal, order: tuple[int, ...]) -> None:
    prices_commands.set_price(module="M1", amount=1_000, valid_from=START)
    told = records_of([delivery(TrainingDelivered), delivery(TrainingDelivered, SECOND, days=5)])
    Group(billing).take([told[place] for place in order])
    assert (only_invoice().training_id, only_invoice().delivered_on) == (TRAINING, days_ago(9)[0])
