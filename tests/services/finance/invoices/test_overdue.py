"""An unpaid invoice is said to be overdue once for each of its days, and no more once it is settled."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from services.finance.billing.commands import cancel_delivery_invoice
from services.finance.invoices import commands
from services.finance.invoices.model import Invoice
from services.finance.payments.commands import record_payment
from services.finance.settings import finance_settings, today
from shared.contracts.events.finance import InvoiceOverdue
from shared.kernel.principal import Principal
from shared.kernel.settings.current import settings
from tests.support import factories
from tests.support.factories import ALPHA
from tests.support.records import events_said

Later = Callable[[int], int]


@pytest.fixture
def after(configured: pytest.MonkeyPatch) -> Iterator[Later]:
    """Go to a day, counted from today, and say what is overdue then."""

    def go(days: int) -> int:
        configured.setenv("SCORE_CLOCK_OFFSET", str(days * 86_400))
        settings.cache_clear()
        return commands.tell_overdue()

    yield go
    settings.cache_clear()


def test_it_is_said_once_for_each_of_the_days_of_the_settings(system: Principal, after: Later) -> None:
    invoice = factories.invoice(ALPHA, state="issued")
    due = finance_settings().payment_days
    assert [after(due + late) for late in (0, 1, 6, 7, 7, 13, 14, 29, 30, 31, 90)] == [0, 0, 0, 1, 0, 0, 1, 0, 1, 0, 0]
    told = events_said(InvoiceOverdue)
    assert [event.days_overdue for event in told] == [7, 14, 30]
    assert {(event.invoice_id, event.outstanding.amount, event.due_on) for event in told} == {
        (invoice.id, 1_000_000, invoice.due_on)
    }


def test_after_a_pause_only_the_last_day_that_passed_is_told(system: Principal, after: Later) -> None:
    factories.invoice(ALPHA, state="issued")
    assert after(finance_settings().payment_days + 20) == 1
    assert [event.days_overdue for event in events_said(InvoiceOverdue)] == [20]
    assert after(finance_settings().payment_days + 29) == 0


def test_what_is_left_is_told_and_what_is_paid_is_not_reminded_of(system: Principal, after: Later) -> None:
    part, whole = (factories.invoice(ALPHA, state="issued") for _ in range(2))
    for invoice, amount in ((part, 300_000), (whole, 1_000_000)):
        record_payment(invoice.id, amount=amount, received_on=today(), method="transfer")
    assert after(finance_settings().payment_days + 7) == 1
    (event,) = events_said(InvoiceOverdue)
    assert (event.invoice_id, event.outstanding.amount) == (part.id, 700_000)


def test_what_is_to_be_credited_is_not_reminded_of(system: Principal, after: Later) -> None:
    invoice = factories.invoice(ALPHA, state="issued")
    cancel_delivery_invoice(enterprise_id=invoice.enterprise_id, module="M1", training_id=invoice.training_id)
    assert Invoice.get(invoice.id).needs_credit
    assert after(finance_settings().payment_days + 30) == 0
