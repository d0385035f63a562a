"""The page on which an enterprise says whether a visit took place as reported, by the link of a letter without signing in."""

from __future__ import annotations

from typing import Final

from flask.typing import ResponseReturnValue

from services.consulting.confirmations import commands
from services.consulting.confirmations.queries import PURPOSE, linked_visit
from services.consulting.visits.schemas import ConfirmVisit
from shared.access.permissions import PUBLIC
from shared.access.signed_links import PAGES as LINK_PAGES
from shared.access.signed_links import read_link
from shared.domain.errors import Invalid
from shared.kernel.message import gettext_noop
from shared.web.fields import Body
from shared.web.pages.declare import Pages
from shared.web.pages.links.ended import link_ended
from shared.web.pages.parties import party_names
from shared.web.pages.rendering import redirect_to, render

PAGES = Pages("consulting")
ROOT: Final = LINK_PAGES[PURPOSE][1]


@PAGES.get(f"{ROOT}/thanks", permits=PUBLIC, title=gettext_noop("Thank you"))
def visit_confirmed() -> ResponseReturnValue:
    return render("visit_confirmed.html")


@PAGES.get(f"{ROOT}/<signed>", permits=PUBLIC, title=gettext_noop("Did this visit take place?"))
def visit_confirmation(signed: str) -> ResponseReturnValue:
    """Show the day and the length of the report, never a word of what the trainer found. Whatever reads the address changes
    nothing."""
    try:
        shown = linked_visit(read_link(signed, PURPOSE, ""))
    except Invalid as refused:
        return link_ended(refused.errors[0].code)
    if shown is None:
        return link_ended()
    return render(
        "visit_confirmation.html",
        signed=signed,
        visit=shown,
        names=party_names([shown.enterprise_id, shown.trainer_id, shown.provider_id]),
    )


@PAGES.post(f"{ROOT}/<signed>", permits=PUBLIC, body=ConfirmVisit, shows="visit_confirmation")
def confirm_visit_by_link(signed: str, body: Body) -> ResponseReturnValue:
    commands.confirm_visit_by_link(read_link(signed, PURPOSE, ""), **body)
    return redirect_to("visit_confirmed")
