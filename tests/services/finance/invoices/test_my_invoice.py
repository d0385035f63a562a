"""Who pays sees their one invoice by the link of its letter; whatever reads it changes nothing, and nobody's else is shown."""

from __future__ import annotations

from uuid import UUID

import pytest

from services.finance.billing import commands as billing
from services.finance.invoices import commands
from services.finance.invoices.model import Invoice
from services.finance.prices.commands import set_price
from services.finance.service import SERVICE
from services.finance.settings import finance_settings
from shared.kernel import ids
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM
from shared.kernel.settings.current import settings
from tests.support.office import PROVIDER as OFFICE
from tests.support.office import TODAY
from tests.support.tokens import Tokens, signed_link
from tests.support.visitor import Visitor

PROVIDER = UUID(OFFICE)


class Holder(Visitor):
    """Somebody without an account."""

    def __init__(self, app, language="en"):
        self.client = app.test_client()
        self.client.set_cookie("score_lang", language, domain="localhost")


@pytest.fixture
def app(site, embedded, tmp_path):
    embedded.setenv("SCORE_LINK_KEYS_URL", Tokens(tmp_path).jwks.as_uri())
    embedded.setenv("SCORE_PAYMENT_INSTRUCTIONS", "Bank Contoh, 123 456|a. n. Balai Pelatihan Contoh")
    settings.cache_clear()
    finance_settings.cache_clear()
    yield site(SERVICE)
    finance_settings.cache_clear()


@pytest.fixture
def invoices(app):
    """Two issued invoices of two payers."""
    with acting_as(SYSTEM):
        set_price(module="M2", amount=5_550_000, valid_from=TODAY)
        for enterprise in (ids.new(), ids.new()):
            billing.draft_delivery_invoice(
                enterprise_id=enterprise, module="M2", training_id=ids.new(), delivered_on=TODAY, provider_id=PROVIDER
            )
        commands.number_drafts()
        return list(Invoice.objects)


def path_of(invoice, payer=None, **more):
    return f"/my-invoices/{signed_link(payer or invoice.payer_id, invoice.id, **{'purpose': 'invoice', **more})}"


def test_the_page_shows_one_invoice_and_reading_it_changes_nothing(app, invoices):
    mine, other = invoices
    shown = Holder(app).read(path_of(mine))
    for words in (mine.number, "5,550,000", "Bank Contoh, 123 456", "a. n. Balai Pelatihan Contoh"):
        assert words in shown
    assert "Rp5.550.000" in Holder(app, "id").read(path_of(mine))
    assert other.number not in shown
    assert str(other.id) not in shown
    for method in ("GET", "HEAD"):
        answer = Holder(app).client.open(path_of(mine), method=method)
        assert (answer.status_code, answer.headers["Referrer-Policy"]) == (200, "no-referrer")
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert answer.headers["Cache-Control"] == "no-store"
    with acting_as(SYSTEM):
        assert [row.version for row in Invoice.objects(id=mine.id)] == [mine.version]


@pytest.mark.parametrize(("language", "ended", "strange"), [
    ("en", "This link has expired", "This link is not valid"),
    ("id", "Tautan ini sudah kedaluwarsa", "Tautan ini tidak berlaku"),
])  # fmt: skip
def test_a_link_that_does_not_fit_shows_no_invoice(app, invoices, language, ended, strange):
    mine, other = invoices
    holder = Holder(app, language)
    assert ended in holder.read(path_of(mine, seconds=-5), 410)
    for path in (path_of(mine, other.payer_id), path_of(mine, purpose="evaluation"), "/my-invoices/x"):
        shown = holder.read(path, 404)
        assert strange in shown
        assert mine.number not in shown


def test_one_that_is_not_issued_is_not_shown(app, invoices):
    with acting_as(SYSTEM):
        enterprise = ids.new()
        billing.draft_delivery_invoice(
            enterprise_id=enterprise, module="M1", training_id=ids.new(), delivered_on=TODAY, provider_id=PROVIDER
        )
        (waiting,) = Invoice.objects(payer_id=enterprise)
    Holder(app).read(path_of(waiting), 404)
