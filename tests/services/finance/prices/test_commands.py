"""An invoice waits for its price; a provider's own price wins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from services.finance.billing.handlers import billing
from services.finance.invoices import commands
from services.finance.prices import commands as prices_commands
from shared.contracts.events.enrollment import TrainingDelivered
from shared.contracts.events.finance import InvoiceIssued
from shared.domain.errors import Invalid, NotKnownYet
from shared.kernel import ids
from shared.kernel.context import acting_as
from shared.kernel.errors import Problem
from shared.kernel.principal import Principal
from tests.support.billing import billed_for
from tests.support.deliveries import START, TRAINING, delivery, only_invoice
from tests.support.factories import ALPHA, BETA, days_ago
from tests.support.known_ids import ROW
from tests.support.records import STORY, Group, events_said, records_of


def test_an_invoice_waits_for_its_price(system: Principal) -> None:
    Group(billing).take(records_of([delivery(TrainingDelivered)]))
    assert commands.number_drafts() == 0
    for owner in (ALPHA, BETA):
        billed_for(owner)
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
    (event,) = events_said(InvoiceIssued)
    assert (event.invoice_id, event.total.amount, event.training_id) == (only_invoice().id, 7_000_000, TRAINING)
    assert only_invoice().correlation_id == STORY


def test_a_providers_own_price_wins_and_the_newest_in_force(system: Principal) -> None:
    billed_for(ALPHA)
    for amount, day, provider in (
        (1, START, None), (2, days_ago(20)[0], None), (3, START, ALPHA), (4, days_ago(9)[0], ALPHA), (5, days_ago(8)[0], ALPHA),
    ):  # fmt: skip
        prices_commands.set_price(module="M1", amount=amount, valid_from=day, provider_id=provider)
    Group(billing).take(records_of([delivery(TrainingDelivered)]))
    assert only_invoice().net == 4


@pytest.mark.parametrize(("made", "refusal"), [(ids.new, NotKnownYet), (lambda: ROW, Invalid)])
def test_the_programme_names_only_a_provider_that_is_known(
    system: Principal, made: Callable[[], UUID], refusal: type[Problem]
) -> None:
    billed_for(enterprise := ids.new(), kind="enterprise")
    price: dict[str, Any] = {"module": "M1", "amount": 5, "valid_from": START}
    with acting_as(Principal(subject="p", role="programme", issuer="tests")):
        with pytest.raises(refusal) as refused:
            prices_commands.set_price(**price, provider_id=made())
        assert [(fault.pointer, fault.code) for fault in refused.value.errors] == [
            ("/provider_id", "unknown-institution")
        ]
        with pytest.raises(NotKnownYet):
            prices_commands.set_price(**price, provider_id=enterprise)
        assert prices_commands.set_price(**price, provider_id=billed_for(ALPHA)).provider_id == ALPHA
