"""A letter as a page to be printed and handed over, or passed on by WhatsApp, for those whom no mail reaches.

It is drawn anew each time, and each look is recorded. Of the links that only their recipient may use it carries the one to
their invoice, which whoever prints it may see anyway; by any other they would act as the recipient.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from flask.typing import ResponseReturnValue

from services.notifications.content.rendering import Said, said_by
from services.notifications.letters.kinds import KINDS
from services.notifications.letters.mail import UNSEEN, Links, sender_of_letters, told_in
from services.notifications.letters.model import Letter
from services.notifications.letters.queries import may_be_printed
from services.notifications.roles import DECIDERS
from shared.domain.errors import NotFound
from shared.i18n.language import speaking
from shared.kernel.message import gettext_noop
from shared.messaging import parties
from shared.web.pages.declare import Pages
from shared.web.pages.links.qr_code import qr_code
from shared.web.pages.rendering import render

PAGES = Pages("notifications")
PASSED_ON: Final = ("invoice",)


@PAGES.get("/letters/<uuid:letter_id>/print", permits=DECIDERS, title=gettext_noop("Letter on paper"), personal=True)
def printed_letter(letter_id: UUID) -> ResponseReturnValue:
    letter = Letter.get(letter_id)
    contact = parties.find_all([letter.recipient_id]).get(letter.recipient_id)
    if contact is None or not may_be_printed(letter):
        raise NotFound("Letter", letter_id)
    language, signed = letter.language or contact["language"], Links(letter.recipient_id)

    def passed_on(purpose: str, object_id: UUID | str | None = None) -> str:
        return signed(purpose, object_id) if purpose in PASSED_ON else ""

    told = told_in(letter, contact, language, passed_on)
    said = said_by(KINDS[letter.template], told, UNSEEN.sub("", contact["name"]), sender_of_letters())
    address = said.content.button[1] if said.content.button else ""
    with speaking(language):
        return render(
            "printed_letter.html",
            letter=letter,
            said=said,
            programme=sender_of_letters().programme,
            spoken=language,
            message=_message(said, address),
            address=address,
            code=qr_code(address) if address else "",
        )


def _message(said: Said, address: str) -> str:
    """Return what is passed on by a person: what matters, without greeting and legal line."""
    facts = "\n".join(f"{label}: {', '.join(lines)}" for label, lines in said.facts)
    blocks = [said.content.subject, *said.content.paragraphs, facts, *said.content.notes, address]
    return "\n\n".join(block for block in blocks if block)
