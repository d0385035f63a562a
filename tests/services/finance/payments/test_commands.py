"""Payments settle an invoice in parts, never above what is open, and are taken back as a whole."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from services.finance.invoices.model import Invoice
from services.finance.payments import commands
from services.finance.payments.model import Payment
from shared.contracts.events.finance import PaymentReceived, PaymentReversed
from shared.domain.errors import Invalid, NotAllowedNow, NotFound
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM, Principal
from tests.support import factories
from tests.support.factories import ALPHA, BETA, days_ago
from tests.support.records import events_said


def paid(invoice: Invoice, amount: int, **more: Any) -> Payment:
    values = {"received_on": days_ago(0)[0], "method": "transfer", **more}
    return commands.record_payment(invoice.id, amount=amount, **values)


def test_payments_settle_an_invoice_in_parts_and_withheld_tax_as_cash_does(system: Principal) -> None:
    invoice = factories.invoice(ALPHA, state="issued")
    paid(invoice, 400_000)
    half = Invoice.get(invoice.id)
    assert (half.state, half.paid, half.outstanding) == ("issued", 400_000, 600_000)
    paid(invoice, 580_000, withheld=20_000, withholding_slip="BP-1")
    whole = Invoice.get(invoice.id)
    assert (whole.state, whole.paid, whole.outstanding) == ("paid", 1_000_000, 0)
    told = [(event.amount.amount, event.withheld.amount, event.settles) for event in events_said(PaymentReceived)]
    assert told == [(400_000, 0, False), (580_000, 20_000, True)]


@pytest.mark.parametrize(("values", "pointer", "code"), [
    ({"amount": 1_000_001}, "/amount", "above-outstanding"),
    ({"amount": 990_000, "withheld": 10_001}, "/amount", "above-outstanding"),
    ({"amount": 0}, "/amount", "nothing-paid"),
    ({"amount": 1, "received_on": days_ago(-1)[0]}, "/received_on", "date-in-future"),
])  # fmt: skip
def test_what_no_payment_can_be_is_refused_and_nothing_is_booked(
    system: Principal, values: dict[str, Any], pointer: str, code: str
) -> None:
    invoice = factories.invoice(ALPHA, state="issued")
    with pytest.raises(Invalid) as refused:
        paid(invoice, **values)
    assert [(fault.pointer, fault.code) for fault in refused.value.errors] == [(pointer, code)]
    assert Payment.objects.count() == 0
    assert Invoice.get(invoice.id).version == invoice.version


def test_only_an_issued_invoice_is_paid(system: Principal) -> None:
    for state in ("waiting_for_price", "draft"):
        with pytest.raises(NotAllowedNow):
            paid(factories.invoice(BETA if state == "draft" else ALPHA, state=state), 1)
    whole = factories.invoice(ALPHA, state="issued")
    paid(whole, 1_000_000)
    with pytest.raises(NotAllowedNow):
        paid(whole, 1)


def test_a_payment_is_taken_back_once_and_opens_its_invoice_again(system: Principal) -> None:
    invoice = factories.invoice(ALPHA, state="issued")
    payment = paid(invoice, 980_000, withheld=20_000)
    commands.reverse_payment(payment.id, reason="bounced")
    opened = Invoice.get(invoice.id)
    assert (opened.state, opened.paid, opened.outstanding) == ("issued", 0, 1_000_000)
    (event,) = events_said(PaymentReversed)
    assert (event.payment_id, event.amount.amount, event.withheld.amount, event.reason) == (
        payment.id, 980_000, 20_000, "bounced",
    )  # fmt: skip
    with pytest.raises(NotAllowedNow):
        commands.reverse_payment(payment.id, reason="bounced")
    assert Invoice.get(invoice.id).paid == 0


def test_many_at_once_never_pay_more_than_is_open(system: Principal) -> None:
    invoice = factories.invoice(ALPHA, state="issued")

    def pay(_: int) -> bool:
        with acting_as(SYSTEM), factories.story():
            try:
                paid(invoice, 300_000)
            except Invalid:
                return False
            return True

    with ThreadPoolExecutor(8) as pool:
        booked = sum(pool.map(pay, range(8)))
    assert booked == 3
    assert Invoice.get(invoice.id).paid == 900_000 == sum(payment.settling for payment in Payment.objects)


def test_a_provider_books_on_its_own_invoices_alone(system: Principal) -> None:
    invoice = factories.invoice(ALPHA, state="issued")
    with acting_as(Principal(subject="p", role="provider", institution=BETA, issuer="tests")), pytest.raises(NotFound):
        paid(invoice, 1)
    with acting_as(Principal(subject="p", role="finance", institution=ALPHA, issuer="tests")):
        assert paid(invoice, 1).provider_id == ALPHA
