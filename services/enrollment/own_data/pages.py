"""The page on which somebody sees what is kept of them, and gives or withdraws consent, by the signed link of a letter.

It is theirs alone, so nothing of it is kept in a browser or an index. Whatever only reads the address changes nothing.
"""

from __future__ import annotations

from typing import Final

from flask.typing import ResponseReturnValue

from services.enrollment.own_data.schemas import ChooseConsents
from services.enrollment.people import commands
from services.enrollment.people.consent import CURRENT_TEXT, PURPOSES, TEXTS, consented
from services.enrollment.people.model import Participant
from services.enrollment.people.queries import linked_participant
from services.enrollment.privacy.subject_access import readable, record_of
from shared.access.permissions import PUBLIC
from shared.access.signed_links import PAGES as LINK_PAGES
from shared.access.signed_links import read_link
from shared.domain.errors import Invalid, NotFound
from shared.i18n.language import current_language
from shared.kernel.context import acting_as
from shared.kernel.message import gettext_noop
from shared.kernel.principal import Principal
from shared.web.fields import Body
from shared.web.pages.declare import Pages
from shared.web.pages.links.ended import link_ended
from shared.web.pages.rendering import redirect_to, render

PAGES = Pages("enrollment")
PURPOSE: Final = "own-data"
ROOT: Final = f"{LINK_PAGES[PURPOSE][1]}/<signed>"


@PAGES.get(ROOT, permits=PUBLIC, title=gettext_noop("What we keep about you"))
def own_data(signed: str) -> ResponseReturnValue:
    try:
        person = linked_participant(read_link(signed, PURPOSE, "").subject_id)
    except Invalid as refused:
        return link_ended(refused.errors[0].code)
    if person is None:
        return link_ended()
    with acting_as(_themselves(person)):
        text = readable(record_of(person), current_language())
    return render(
        "own_data.html",
        signed=signed,
        text=text,
        consented=consented(person.consents),
        texts=[(purpose, TEXTS[CURRENT_TEXT][purpose][current_language()]) for purpose in PURPOSES],
    )


@PAGES.post(ROOT, permits=PUBLIC, body=ChooseConsents)
def choose_consents(signed: str, body: Body) -> ResponseReturnValue:
    person = linked_participant(read_link(signed, PURPOSE, "").subject_id)
    if person is None:
        raise NotFound("Participant")
    holding, wanted = set(consented(person.consents)), set(body["purposes"])
    with acting_as(_themselves(person)):
        if wanted - holding:
            commands.give_consent(person.id, purposes=sorted(wanted - holding))
        if holding - wanted:
            commands.withdraw_consent(person.id, purposes=sorted(holding - wanted))
    return redirect_to("own_data", signed=signed, flash=gettext_noop("Your choice is kept."))


def _themselves(person: Participant) -> Principal:
    """Return who acts: the person, within the rows of the enterprise they belong to."""
    return Principal(str(person.id), "enterprise", issuer="link", enterprise=person.enterprise_id)
