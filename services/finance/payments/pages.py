"""Invoices with what was paid of them, and payments, for people. The same commands as the API."""

from __future__ import annotations

from uuid import UUID

from flask.typing import ResponseReturnValue

from services.finance.invoices.labels import state_of
from services.finance.invoices.model import Invoice
from services.finance.payments import commands
from services.finance.payments.labels import STATES
from services.finance.payments.model import Payment
from services.finance.payments.queries import payments_of
from services.finance.payments.schemas import PaymentView, RecordPayment, ReversePayment
from services.finance.roles import BOOKKEEPERS, NEWEST_FIRST, READERS
from services.finance.settings import today
from shared.kernel.context import current_principal
from shared.kernel.message import gettext_noop
from shared.web.fields import Body, Choice, Code, Identifier
from shared.web.pages.declare import Pages
from shared.web.pages.forms.submitted_form import require_unchanged
from shared.web.pages.listing import paginate
from shared.web.pages.parties import by_party, party_name, party_names
from shared.web.pages.rendering import redirect_to, render

PAGES = Pages("finance")


@PAGES.get("/invoices/<uuid:invoice_id>", permits=READERS, title=gettext_noop("Invoice"))
def invoice(invoice_id: UUID) -> ResponseReturnValue:
    shown = Invoice.get(invoice_id)
    keeps_books = current_principal().role in BOOKKEEPERS
    return render(
        "invoice.html",
        heading=shown.number or "",
        invoice=shown,
        state=state_of(shown, today()),
        names=party_names((shown.enterprise_id, shown.provider_id)),
        payments=payments_of(shown.id),
        may_price=keeps_books and shown.state == "waiting_for_price",
        may_credit=keeps_books and shown.number is not None and shown.state != "credited",
        may_receive=keeps_books and shown.state == "issued" and not shown.needs_credit,
    )


@PAGES.get("/invoices/<uuid:invoice_id>/payments/new", permits=BOOKKEEPERS, title=gettext_noop("Record a payment"))
def new_payment(invoice_id: UUID) -> ResponseReturnValue:
    paid = Invoice.get(invoice_id)
    return render("new_payment.html", invoice=paid, payer=party_name(paid.payer_id), today=today())


@PAGES.post("/invoices/<uuid:invoice_id>/payments/new", permits=BOOKKEEPERS, body=RecordPayment)
def record_payment(invoice_id: UUID, body: Body) -> ResponseReturnValue:
    require_unchanged(Invoice.get(invoice_id))
    commands.record_payment(invoice_id, **body)
    return redirect_to("invoice", invoice_id=invoice_id, flash=gettext_noop("The payment is recorded."))


@PAGES.get(
    "/payments",
    permits=READERS,
    title=gettext_noop("Payments"),
    nav=("money", 2),
    rows=PaymentView,
    names={"enterprise_id": party_names, "provider_id": party_names, "payer_id": party_names},
)
def payments() -> ResponseReturnValue:
    page = paginate(
        Payment.objects,
        sort=NEWEST_FIRST,
        filters={"state": Choice(*STATES), "module": Code(), "invoice_id": Identifier()},
        by_name=by_party("payer_id"),
    )
    return render("payments.html", found=page, names=party_names(row.payer_id for row in page.rows))


@PAGES.get("/payments/<uuid:payment_id>", permits=READERS, title=gettext_noop("Payment"))
def payment(payment_id: UUID) -> ResponseReturnValue:
    shown = Payment.get(payment_id)
    return render(
        "payment.html",
        payment=shown,
        state=STATES[shown.state],
        names=party_names((shown.payer_id, shown.provider_id)),
        may_reverse=current_principal().role in BOOKKEEPERS and shown.state == "received",
    )


@PAGES.post("/payments/<uuid:payment_id>/reversal", permits=BOOKKEEPERS, body=ReversePayment, shows="payment")
def reverse_payment(payment_id: UUID, body: Body) -> ResponseReturnValue:
    reversed_payment = commands.reverse_payment(payment_id, **body)
    flash = gettext_noop("The payment is taken back. The invoice is open again.")
    return redirect_to("invoice", invoice_id=reversed_payment.invoice_id, flash=flash)
