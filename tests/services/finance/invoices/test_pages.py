"""A price lets waiting invoices go on, on the pages of finance."""

from __future__ import annotations

import re

from services.finance.service import SERVICE as FINANCE
from shared.kernel import ids
from tests.support.office import PROVIDER, TODAY
from tests.support.visitor import Visitor


def test_a_price_lets_waiting_invoices_go_on(site):
    from services.finance.billing import commands as billing
    from services.finance.invoices import commands as invoices

    app = site(FINANCE)
    finance, staff = Visitor(app, "finance"), Visitor(app, "provider", institution=PROVIDER)

    def step(target, shown):
        """The first link of a page that leads to a place."""
        html = finance.client.get(shown, headers={"Accept": "text/html"}).text
        return re.search(rf'href="({target}[^"]+)"', html)[1].replace("&amp;", "&")

    assert "Begin with the prices" in finance.work()
    training, enterprise = ids.new(), ids.new()
    billing.draft_delivery_invoice(
        enterprise_id=enterprise, module="M2", training_id=training, delivered_on=TODAY, provider_id=PROVIDER
    )
    assert "M2 for name not known" in finance.work()
    waiting = step("/invoices/", "/")
    link = step("/prices/new", waiting)
    form = finance.client.get(link).text
    assert f'value="{TODAY.isoformat()}"' in form
    assert f'value="{PROVIDER}" selected' in form
    staff.send("/prices/new", module="M2", amount="12,500,000", valid_from=TODAY.isoformat())
    assert "IDR 12,500,000" in staff.read("/prices")
    assert "Your institution" in staff.read("/prices")
    invoices.number_drafts()
    assert "M2 for" not in finance.work()
    payer = Visitor(app, "enterprise", language="id", enterprise=enterprise)
    invoice = re.search(r'href="(/invoices/[^"]+)"', payer.client.get("/invoices").text)[1]
    assert "Rp12.500.000" in payer.read(invoice)
    Visitor(app, "enterprise", enterprise=ids.new()).read(invoice, 404)
    billing.cancel_delivery_invoice(enterprise_id=enterprise, module="M2", training_id=training)
    assert "1 invoice to be credited" in finance.work()
    assert "needs a credit note" in finance.read(invoice)
