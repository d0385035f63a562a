"""From a letter to the bytes of a mail: a text and an HTML part in the recipient's language.

Templates are files, data is escaped, and what reaches a header is free of line breaks and encoded words (checked when the
party was entered, and again here). The finished bytes are parsed and their headers compared with what was meant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from email import message_from_bytes
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from services.notifications.letters.model import Letter
from services.notifications.links.commands import letter_link
from services.notifications.settings import notification_settings
from shared.i18n import formats
from shared.i18n.language import speaking
from shared.i18n.module_titles import module_title
from shared.kernel import clock
from shared.messaging.parties import PartyRow
from shared.messaging.references import venue_of

HEADER_UNSAFE = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]|=\?[^?]*\?[bqBQ]\?")
OF_EARLIER_LETTERS: Final = {"hours": ""}  # what letters that wait since an earlier release do not say
TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates" / "letters"),
    autoescape=select_autoescape(enabled_extensions=("html",), default_for_string=False),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


class UnsafeHeader(ValueError):
    """A value would change the headers of the mail."""


@dataclass(frozen=True, slots=True)
class Mail:
    sender: str
    recipient: str
    wire: bytes


def compose(letter: Letter, contact: PartyRow) -> Mail:
    """Compose the mail of a letter; raises `UnsafeHeader` for a name or address that would become more than a header's value."""
    language, email = letter.language or "id", contact["email"] or ""
    words = {
        **OF_EARLIER_LETTERS, **letter.about, **shown_of(letter, language),
        "recipient": contact["name"], "language": language, **formatters(language),
        "link": lambda purpose, object_id: letter_link(purpose, letter.recipient_id, UUID(object_id)),
        "link_days": round(notification_settings().link_days),
    }  # fmt: skip
    subject = TEMPLATES.get_template(f"{letter.template}.{language}.subject").render(words).strip()
    message = EmailMessage(policy=SMTP)
    display, address = parseaddr(notification_settings().sender)
    headers = {
        "From": Address(display, addr_spec=address),
        "To": addressed(contact["name"], email),
        "Reply-To": notification_settings().reply_to,
        "Subject": safe(subject),
        "Date": format_datetime(clock.now()),
        "Message-ID": f"<{letter.id}@{address.rpartition('@')[2]}>",
        "Auto-Submitted": "auto-generated",
        "X-Correlation-ID": str(letter.correlation_id),
    }
    for name, value in headers.items():
        message[name] = value
    message.set_content(TEMPLATES.get_template(f"{letter.template}.{language}.txt").render(words))
    message.add_alternative(TEMPLATES.get_template(f"{letter.template}.{language}.html").render(words), subtype="html")
    message["Content-Language"] = language  # last: making alternatives moves such headers into the first part
    wire = message.as_bytes()
    if set(message_from_bytes(wire).keys()) != {*message.keys()}:
        raise UnsafeHeader("the finished mail has other headers than were meant")
    return Mail(address, email, wire)


def shown_of(letter: Letter, language: str) -> dict[str, Any]:
    """Return what is shown of what a letter is about and no event carries: the module's title, the classroom's place."""
    module, training_id = letter.about.get("module"), letter.about.get("training_id")
    with speaking(language):
        return {
            "module": module and module_title(module),
            "venue": venue_of(UUID(training_id)) if training_id else None,
        }


def addressed(name: str, email: str) -> Address:
    """Return the address; raises `UnsafeHeader` for one that not every relay takes, such as one with letters beyond ASCII."""
    try:
        address = Address(safe(name), addr_spec=safe(email))
    except (ValueError, IndexError, MessageError) as broken:
        raise UnsafeHeader("not an address") from broken
    if not email.isascii() or not address.username or not address.domain:
        raise UnsafeHeader("not an address")
    return address


def formatters(language: str) -> dict[str, Any]:
    return {
        "money": lambda amount: formats.money(amount, language),
        "day": lambda iso: formats.day(date.fromisoformat(iso), language),
    }


def safe(value: str) -> str:
    if HEADER_UNSAFE.search(value):
        raise UnsafeHeader("control characters or encoded words in a header")
    return value
