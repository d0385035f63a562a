"""Two who number at once leave no gap and give no number twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from services.finance.invoices import commands
from services.finance.invoices.model import Invoice
from services.finance.prices import commands as prices_commands
from services.finance.settings import finance_settings
from shared.contracts.events.finance import InvoiceIssued
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM, Principal
from tests.support import factories
from tests.support.billing import billed_for
from tests.support.deliveries import START
from tests.support.factories import ALPHA, BETA
from tests.support.records import events_said


def test_two_numberers_at_once_leave_no_gap_and_give_no_number_twice(
    system: Principal, configured: pytest.MonkeyPatch
) -> None:
    configured.setenv("SCORE_NUMBERING_BATCH", "3")
    finance_settings.cache_clear()
    for owner in (ALPHA, BETA):
        prices_commands.set_price(module="M1", amount=1_000, valid_from=START, provider_id=billed_for(owner))
        for _ in range(6):
            factories.invoice(owner, state="draft")

    def number(_: int) -> int:
        with acting_as(SYSTEM):
            return commands.number_drafts()

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(number, range(2))) == 12
    finance_settings.cache_clear()
    for owner in (ALPHA, BETA):
        numbers = sorted(str(invoice.number) for invoice in Invoice.objects(provider_id=owner))
        assert [int(given.rpartition("/")[2]) for given in numbers] == list(range(1, 7))
    told = [event.number for event in events_said(InvoiceIssued)]
    assert len(told) == len(set(told)) == 12
