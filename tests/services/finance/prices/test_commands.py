"""An invoice waits for its price; a provider's own price wins."""

from __future__ import annotations

from typing import Any

from services.finance.billing.handlers import billing
from services.finance.invoices import commands
from services.finance.prices import commands as prices_commands
from shared.contracts.events.enrollment import TrainingDelivered
from shared.contracts.events.finance import InvoiceIssued
from shared.kernel.principal import Principal
from tests.support.deliveries import START, TRAINING, delivery, only_invoice
from tests.support.factories import ALPHA, BETA, days_ago
from tests.support.records import STORY, Group, events_said, records_of


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
    (event,) = events_said(InvoiceIssued)
    assert (event.invoice_id, event.total.amount, event.training_id) == (only_invoice().id, 7_000_000, TRAINING)
    assert only_invoice().correlation_id == STORY


def test_a_providers_own_price_wins_and_the_newest_in_force(system: Principal) -> None:
    for amount, day, provider in (
        (1, START, None), (2, days_ago(20)[0], None), (3, START, ALPHA), (4, days_ago(9)[0], ALPHA), (5, days_ago(8)[0], ALPHA),
    ):  # fmt: skip
        prices_commands.set_price(module="M1", amount=amount, valid_from=day, provider_id=provider)
    Group(billing).take(records_of([delivery(TrainingDelivered)]))
    assert only_invoice().net == 4
