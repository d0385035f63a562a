"""The office records on the page of an invoice what was paid, and takes it back; the payer sees what is still open."""

from __future__ import annotations

import re
from uuid import UUID

from services.finance.service import SERVICE
from tests.support import factories
from tests.support.factories import days_ago
from tests.support.office import PROVIDER
from tests.support.visitor import Visitor


def test_a_payment_is_recorded_on_the_page_of_its_invoice_and_taken_back(site):
    app = site(SERVICE)
    invoice = factories.invoice(UUID(PROVIDER), state="issued")
    finance = Visitor(app, "finance", institution=PROVIDER)
    payer = Visitor(app, "enterprise", enterprise=invoice.payer_id)
    page, form = f"/invoices/{invoice.id}", f"/invoices/{invoice.id}/payments/new"
    assert "Record a payment" in finance.read(page)
    assert "Record a payment" not in payer.read(page)
    assert "1 invoice to be paid" in payer.work()
    told = {"received_on": days_ago(0)[0].isoformat(), "method": "transfer"}
    refused = finance.send(form, status=422, amount="1,000,001", **told)
    assert "more than what is still to be paid" in refused
    finance.send(form, amount="400,000", **told)
    assert "Paid in part" in finance.read("/invoices")
    assert "IDR 600,000" in payer.read(page)
    finance.send(form, amount="580,000", withheld="20,000", withholding_slip="BP-1", **told)
    assert "Record a payment" not in finance.read(page)
    assert "invoice to be paid" not in payer.work()
    listed = payer.client.get("/payments").text
    last = re.search(r'href="(/payments/[^"?]+)"', listed)[1]
    assert "Take the payment back" not in payer.read(last)
    assert "BP-1" in finance.read(last)
    assert finance.send(f"{last}/reversal", shown=last, reason="bounced") == page
    assert "returned by the bank" in finance.read(last)
    assert "Paid in part" in finance.read("/invoices")
