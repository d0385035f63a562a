"""What a letter said, for people: headers, text, and the mail as a mail program draws it, in a frame where nothing runs."""

from __future__ import annotations

from uuid import UUID

from flask import Response
from flask.typing import ResponseReturnValue

from services.notifications.copies.queries import shown_content
from services.notifications.letters.model import Letter
from services.notifications.roles import DECIDERS
from shared.kernel.message import gettext_noop
from shared.web.pages.declare import Pages
from shared.web.pages.rendering import render

PAGES = Pages("notifications")
IN_FRAME = {
    "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; "
    "base-uri 'none'; form-action 'none'",
    "X-Frame-Options": "SAMEORIGIN",
}
CONTENT = "/letters/<uuid:letter_id>/content"


@PAGES.get(CONTENT, permits=DECIDERS, title=gettext_noop("What the letter said"), personal=True)
def letter_content(letter_id: UUID) -> ResponseReturnValue:
    return render("letter_content.html", letter=Letter.get(letter_id), content=shown_content(letter_id))


@PAGES.get(f"{CONTENT}/mail", permits=DECIDERS, title=gettext_noop("What the letter said"), personal=True)
def letter_mail(letter_id: UUID) -> ResponseReturnValue:
    """Return the HTML part alone, for the frame of the page."""
    return Response(shown_content(letter_id).html, mimetype="text/html", headers=IN_FRAME)
