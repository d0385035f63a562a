"""The page on which a recipient chooses letters, reached by the signed link of a letter without signing in.

Whatever reads the address changes nothing: a choice is made by the form. Mail programs post to the address itself (RFC 8058,
`api.py`), people are led from there to the page.
"""

from __future__ import annotations

from typing import Final

from flask.typing import ResponseReturnValue

from services.notifications.preferences import commands
from services.notifications.preferences.labels import ALWAYS
from services.notifications.preferences.queries import preference_of
from services.notifications.preferences.schemas import ChooseLetters
from services.notifications.preferences.topics import TOPICS
from shared.access.permissions import PUBLIC
from shared.access.signed_links import PAGES as LINK_PAGES
from shared.access.signed_links import read_link
from shared.domain.errors import Invalid
from shared.kernel.message import gettext_noop
from shared.messaging import parties
from shared.web.fields import Body
from shared.web.pages.declare import Pages
from shared.web.pages.links.ended import link_ended
from shared.web.pages.rendering import redirect_to, render

PAGES = Pages("notifications")
PURPOSE: Final = "unsubscribe"
ROOT: Final = "/preferences/<signed>"


@PAGES.get(f"{LINK_PAGES[PURPOSE][1]}/<signed>", permits=PUBLIC, title=gettext_noop("Your letters"))
def unsubscription(signed: str) -> ResponseReturnValue:
    return redirect_to("letters_wanted", signed=signed)


@PAGES.get(ROOT, permits=PUBLIC, title=gettext_noop("Which letters would you like to get?"))
def letters_wanted(signed: str) -> ResponseReturnValue:
    try:
        recipient_id = read_link(signed, PURPOSE, "").subject_id
    except Invalid as refused:
        return link_ended(refused.errors[0].code)
    if recipient_id in parties.find_addressees([recipient_id]).erased:
        return link_ended()
    chosen = preference_of(recipient_id)
    refused_topics = chosen.refused_topics if chosen else frozenset()
    return render(
        "letters_wanted.html",
        signed=signed,
        wanted=[topic for topic in TOPICS if topic not in refused_topics],
        language_chosen=chosen.language if chosen else None,
        always=ALWAYS,
    )


@PAGES.post(ROOT, permits=PUBLIC, body=ChooseLetters)
def choose_letters(signed: str, body: Body) -> ResponseReturnValue:
    commands.choose_letters(read_link(signed, PURPOSE, "").subject_id, **body)
    return redirect_to("letters_wanted", signed=signed, flash=gettext_noop("Your choice is kept."))
