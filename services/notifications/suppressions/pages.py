"""The work list of addresses that letters do not reach: whose they are, why, and where another one is entered.

An address belongs to the register that its person or enterprise stands in. It is corrected there and nowhere else, so that
everybody has the new one; as soon as it arrives here the work is done by itself.
"""

from __future__ import annotations

from uuid import UUID

from flask.typing import ResponseReturnValue

from services.notifications.letters.labels import reason_text
from services.notifications.roles import DECIDERS, READERS
from services.notifications.suppressions import commands
from services.notifications.suppressions.labels import STATES
from services.notifications.suppressions.model import Suppression
from services.notifications.suppressions.schemas import SuppressionView
from shared.i18n.language import gettext, ngettext
from shared.kernel.context import current_principal
from shared.kernel.message import gettext_noop
from shared.messaging import parties
from shared.messaging.parties import PartyRow
from shared.web.fields import Choice
from shared.web.pages.bar.bar import elsewhere
from shared.web.pages.declare import Pages, Work
from shared.web.pages.forms.submitted_form import require_unchanged
from shared.web.pages.listing import paginate
from shared.web.pages.parties import party_name, party_names
from shared.web.pages.rendering import link, redirect_to, render

PAGES = Pages("notifications")


@PAGES.get(
    "/refused-addresses",
    permits=READERS,
    title=gettext_noop("Refused addresses"),
    nav=("letters", 2),
    rows=SuppressionView,
    names={"recipient_id": party_names},
    personal=True,
)
def suppressions() -> ResponseReturnValue:
    found = paginate(Suppression.objects, sort=("-created_at", "created_at"), filters={"state": Choice(*STATES)})
    return render(
        "suppressions.html", found=found, names=party_names(row.recipient_id for row in found.rows), states=STATES
    )


@PAGES.get(
    "/refused-addresses/<uuid:suppression_id>", permits=READERS, title=gettext_noop("Refused address"), personal=True
)
def suppression(suppression_id: UUID) -> ResponseReturnValue:
    shown = Suppression.get(suppression_id)
    return render(
        "suppression.html",
        suppression=shown,
        name=party_name(shown.recipient_id),
        state=STATES[shown.state],
        reason=reason_text(shown.reason),
        register=register_page(shown.recipient_id, parties.find(shown.recipient_id)),
        may_lift=current_principal().role in DECIDERS and shown.state == "active",
    )


@PAGES.post("/refused-addresses/<uuid:suppression_id>/lifting", permits=DECIDERS, shows="suppression", personal=True)
def lift_suppression(suppression_id: UUID) -> ResponseReturnValue:
    require_unchanged(Suppression.get(suppression_id))
    commands.lift_suppression(suppression_id)
    return redirect_to(
        "suppression", suppression_id=suppression_id, flash=gettext_noop("Letters go to this address again.")
    )


@PAGES.waits(permits=DECIDERS)
def addresses_that_do_not_work() -> Work | None:
    number = Suppression.objects(state="active").count()
    if not number:
        return None
    title = ngettext("%(num)s address does not work", "%(num)s addresses do not work", number)
    text = gettext("Mail to them came back. No letter goes there until another address is entered.")
    return Work(title, link("suppressions", state="active"), number, text=text)


def register_page(party_id: UUID, contact: PartyRow | None) -> str:
    """Return the page on which the owner of an address changes it; empty where there is none for this visitor."""
    if contact is None:
        return ""
    if "trainer" in contact["roles"]:
        return elsewhere("certification", "trainer", trainer_id=party_id)
    kind = contact["kind"]
    page, argument = {
        "enterprise": ("enterprise", "enterprise_id"),
        "institution": ("institution", "institution_id"),
    }.get(kind, ("person", "participant_id"))
    return elsewhere("enrollment", page, **{argument: party_id})
