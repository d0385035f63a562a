"""Takes back letters that the recipient's server returned after the relay had taken them.

A mail is believed where it came to the return path of a letter, which nobody else can make up, and a reader of such reports
finds in it that the letter was not delivered for good. Everything else changes nothing and is answered by nobody: absences,
answers, reports of delay, or what somebody made up.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Collection
from email import message_from_bytes
from email.message import Message
from uuid import UUID

from flufl.bounce import all_failures

from services.notifications.bounces.maildir import Bounces
from services.notifications.letters.model import Letter, address_id
from services.notifications.letters.return_path import letter_of
from services.notifications.sending.commands import story_of
from services.notifications.sending.rules import refusal
from services.notifications.settings import notification_settings
from services.notifications.suppressions.commands import has_suppression, suppress_address
from shared.kernel.context import tracing
from shared.observability import logs
from shared.storage.transaction import transactional

log = logs.get(__name__)
logging.getLogger("flufl.bounce").setLevel(logging.WARNING)
RETURNED = "returned"
TO = ("Delivered-To", "X-Original-To", "Envelope-To", "To")
_STATUS = re.compile(r"^Status:\s*([245])\.(\d{1,3})\.(\d{1,3})", re.IGNORECASE | re.MULTILINE)


def read_bounces() -> None:
    """Look through what came to the bounce address since the last time."""
    folder = notification_settings().bounce_folder
    if not folder:
        return
    bounces = Bounces(folder)
    for key, raw in bounces.unseen():
        if take_back(raw):
            bounces.remove(key)
    bounces.forget(notification_settings().copy_days * 86_400)


def take_back(raw: bytes) -> bool:
    """Take back the letter that a mail reports about; return whether it was a report about one of our letters."""
    message = message_from_bytes(raw)
    named = (letter_of(str(value)) for header in TO for value in message.get_all(header, []))
    letter_id = next((letter for letter in named if letter is not None), None)
    if letter_id is None:
        log.info("mail to the bounce address names no letter")
        return False
    for_now, for_good = all_failures(message)
    if for_good:
        refused = {address_id(address.decode("ascii", "replace")) for address in for_good}
        bounce_letter(letter_id, refused, speaks_of_address=_speaks_of_address(message))
    return bool(for_now or for_good)


@transactional
def bounce_letter(letter_id: UUID, refused: Collection[UUID], *, speaks_of_address: bool) -> None:
    """Note that a letter came back, and write no more to its address where that is the reason; once, however often it is told."""
    letter = Letter.find(letter_id)
    if letter is None or letter.state not in ("sent", "ambiguous") or letter.address_id is None:
        return
    if letter.address_id not in refused and has_suppression(letter.recipient_id, refused):
        return  # a late report about the address that the letter went to before
    letter.bounced(RETURNED)
    with tracing(story_of(letter)):
        letter.save()
        if speaks_of_address:
            suppress_address(
                recipient_id=letter.recipient_id, address_id=letter.address_id,
                institution_id=letter.institution_id, reason=RETURNED,
            )  # fmt: skip
    log.warning("letter returned", letter=str(letter.id))


def _speaks_of_address(message: Message) -> bool:
    """Say whether a report is about the address, and not about the letter, a full mailbox or a server that was away."""
    parts = [str(part) for part in message.walk() if part.get_content_type() == "message/delivery-status"]
    status = next((found for part in parts if (found := _STATUS.search(part))), None)
    if status is None:
        return True
    return refusal(int(status[1]) * 100, ".".join(status.groups()).encode()).address_refused
