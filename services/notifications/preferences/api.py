"""The one click by which a mail program unsubscribes its reader (RFC 8058), for whoever has the letter's link.

A link scanner only reads addresses, so nothing but this POST changes anything; the program sends no cookie, and is told
nothing but that it is done.
"""

from __future__ import annotations

from services.notifications.preferences import commands
from services.notifications.preferences.schemas import ChoiceView
from shared.access.permissions import PUBLIC
from shared.access.signed_links import PAGES, read_link
from shared.web.api.openapi import FORMS
from shared.web.api.routes import Routes

PURPOSE = "unsubscribe"
preferences = Routes("preferences", description="What recipients of letters do not want to be told")


@preferences.post(
    f"{PAGES[PURPOSE][1]}/<signed>", permits=PUBLIC, consumes=FORMS, returns=ChoiceView, largest_body=1_000
)
def opt_out(signed: str) -> dict[str, bool]:
    commands.opt_out(read_link(signed, PURPOSE, "").subject_id)
    return {"opted_out": True}
