"""Lists invoices for people, and shows one alone for who pays it, by the signed link of its letter without signing in."""

from __future__ import annotations

from typing import Final

from flask.typing import ResponseReturnValue

from services.finance.invoices.labels import STATES, called, state_of
from services.finance.invoices.model import Invoice
from services.finance.invoices.queries import linked_invoice
from services.finance.invoices.schemas import InvoiceView
from services.finance.roles import NEWEST_FIRST, READERS
from services.finance.settings import finance_settings, today
from shared.access.permissions import PUBLIC
from shared.access.signed_links import PAGES as LINK_PAGES
from shared.access.signed_links import read_link
from shared.domain.errors import Invalid
from shared.kernel.message import gettext_noop
from shared.web.fields import Choice, Code, Identifier
from shared.web.pages.declare import Pages
from shared.web.pages.links.ended import link_ended
from shared.web.pages.listing import paginate
from shared.web.pages.parties import by_party, party_names
from shared.web.pages.rendering import render

PAGES = Pages("finance")
PURPOSE: Final = "invoice"


@PAGES.get(
    "/invoices",
    permits=READERS,
    title=gettext_noop("Invoices"),
    nav=("money", 1),
    rows=InvoiceView,
    names={"enterprise_id": party_names, "provider_id": party_names, "payer_id": party_names},
)
def invoices() -> ResponseReturnValue:
    page = paginate(
        Invoice.objects,
        sort=NEWEST_FIRST,
        filters={"state": Choice(*STATES), "module": Code(), "training_id": Identifier()},
        by_name=by_party("enterprise_id"),
    )
    return render(
        "invoices.html",
        found=page,
        state_of=state_of,
        today=today(),
        called=called,
        names=party_names(row.enterprise_id for row in page.rows),
    )


@PAGES.get(f"{LINK_PAGES[PURPOSE][1]}/<signed>", permits=PUBLIC, title=gettext_noop("Your invoice"))
def my_invoice(signed: str) -> ResponseReturnValue:
    """Draw the one invoice that the link is about. Whatever reads the address changes nothing."""
    try:
        link = read_link(signed, PURPOSE, "")
    except Invalid as refused:
        return link_ended(refused.errors[0].code)
    shown = linked_invoice(link.object_id, link.subject_id)
    if shown is None:
        return link_ended()
    return render(
        "my_invoice.html",
        invoice=shown,
        names=party_names((shown.payer_id, shown.enterprise_id, shown.provider_id)),
        how_to_pay=[line.strip() for line in finance_settings().payment_instructions.split("|") if line.strip()],
    )
