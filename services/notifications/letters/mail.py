"""From a letter to the bytes of a mail: a text and an HTML part in the recipient's language.

What it says is rendered from the description of its kind (`content`). What reaches a header is free of line breaks and
encoded words (checked when the party was entered, and again here), and characters that turn the direction of writing or have
no width are left out everywhere.
The bytes are written here: the library's own way to them takes ten times as long. It folds what is long or beyond ASCII.
The finished bytes are parsed as a relay would, and every header compared with what was meant.
"""

from __future__ import annotations

import re
from base64 import encodebytes
from binascii import b2a_qp
from collections.abc import Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.policy import SMTP
from email.utils import format_datetime, getaddresses, parseaddr
from typing import Any, Final
from uuid import UUID

from services.notifications.content.rendering import Rendered, Sender, render
from services.notifications.content.told import Copies, Signing, Told
from services.notifications.letters.kinds import KINDS
from services.notifications.letters.model import Letter
from services.notifications.letters.return_path import return_path
from services.notifications.links.commands import letter_link
from services.notifications.occasions.queries import Invitation, invitation_of
from services.notifications.settings import notification_settings
from shared.i18n.languages import DEFAULT
from shared.kernel import clock
from shared.messaging.parties import PartyRow
from shared.reference.zones import WIB

HEADER_UNSAFE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]|=\?[^?]*\?[bqBQ]\?")
UNSEEN: Final = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
URL_SAFE: Final = re.compile(r"https?://[!-;=?-~]+")
STRUCTURE: Final = ("Content-Language", "Content-Type", "MIME-Version")
PARTS: Final = ["multipart/alternative", "text/plain", "text/html"]
LONGEST_LINE: Final = 78  # RFC 5322, 2.1.1
# stands in no part: what begins with `=` goes on otherwise where it is quoted, and ends it in base64
BOUNDARY: Final = "=_part"
HIDDEN: Final = "…"


class UnsafeHeader(ValueError):
    """A value would change the headers of the mail."""


@dataclass(slots=True)
class Links:
    """Signs the links of one letter, each once, and remembers them: only their person may have them."""

    recipient_id: UUID
    issued: dict[tuple[str, str], str] = field(default_factory=dict)

    def __call__(self, purpose: str, object_id: UUID | str | None = None) -> str:
        about = (purpose, str(object_id or self.recipient_id))
        if about not in self.issued:
            self.issued[about] = letter_link(purpose, self.recipient_id, UUID(about[1]))
        return self.issued[about]

    def hidden_in(self, text: str) -> str:
        for address in self.issued.values():
            text = text.replace(address.rpartition("/")[2], HIDDEN)
        return text


@dataclass(frozen=True, slots=True)
class Mail:
    """The bytes for the relay with their envelope; and what they say, without the links that only their person may use."""

    sender: str
    recipient: str
    wire: bytes
    headers: list[tuple[str, str]]
    text: str
    html: str


def compose(letter: Letter, contact: PartyRow) -> Mail:
    """Compose the mail of a letter; raises `UnsafeHeader` for a name or address that would become more than a header's value."""
    language, email = letter.language or DEFAULT, contact["email"] or ""
    name, links = UNSEEN.sub("", contact["name"]), Links(letter.recipient_id)
    rendered = rendered_for(letter, contact, links)
    display, address = parseaddr(notification_settings().sender)
    unsubscribing = {} if KINDS[letter.template].must_arrive else one_click(links("unsubscribe"))
    headers: dict[str, Any] = {
        "From": Address(display, addr_spec=address),
        "To": addressed(name, email),
        "Reply-To": notification_settings().reply_to,
        "Subject": safe(rendered.subject),
        "Date": format_datetime(clock.now()),
        "Message-ID": f"<{letter.id}@{address.rpartition('@')[2]}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
        "X-Correlation-ID": str(letter.correlation_id),
    }
    invited = invitation_of(letter.about, KINDS[letter.template].calendar, letter.institution_id, language, email)
    wire = written(headers, unsubscribing, language, rendered, invited)
    require_headers(wire, headers | unsubscribing, email, invited)
    shown = [(header, links.hidden_in(str(value))) for header, value in (headers | unsubscribing).items()]
    texts = [links.hidden_in(part) for part in (rendered.text, rendered.html)]
    return Mail(return_path(letter.id), email, wire, shown, *texts)


def written(
    headers: Mapping[str, Any],
    unsubscribing: Mapping[str, str],
    language: str,
    said: Rendered,
    invited: Invitation | None,
) -> bytes:
    """Write a mail as the relay is told it. The address to unsubscribe is not folded: a line may be longer, and folded it would
    be encoded words."""
    lines = [
        *(f"{header}: {value}\r\n" for header, value in unsubscribing.items()),
        *(folded(header, str(value)) for header, value in headers.items()),
        f'MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="{BOUNDARY}"\r\nContent-Language: {language}\r\n',
    ]
    parts = [part("text/plain", said.text), part("text/html", said.html)]
    if invited is not None:
        parts.append(part("text/calendar", invited.text, f'; method="{invited.method}"', as_it_is=True))
    between = f"\r\n--{BOUNDARY}".encode()
    return "".join(lines).encode("ascii") + between + between.join([*parts, b"--\r\n"])


def folded(header: str, value: str) -> str:
    """Write a header, by the library where it is long or has letters beyond ASCII."""
    line = f"{header}: {value}\r\n"
    if line.isascii() and len(line) <= LONGEST_LINE:
        return line
    return str(SMTP.fold(header, SMTP.header_store_parse(header, value)[1]))


def part(kind: str, text: str, parameters: str = "", *, as_it_is: bool = False) -> bytes:
    """Write a part of a mail: quoted, so that no relay changes it; `as_it_is` for programs that compare every byte."""
    if as_it_is:
        way, encoded = "base64", encodebytes(text.encode()).replace(b"\n", b"\r\n")
    else:  # a line ends in one way only, whatever the text has: nothing of it looks like the end of the mail
        way, encoded = "quoted-printable", b2a_qp(b"".join(line + b"\r\n" for line in text.encode().splitlines()))
    head = f'\r\nContent-Type: {kind}; charset="utf-8"{parameters}\r\nContent-Transfer-Encoding: {way}\r\n\r\n'
    return head.encode() + encoded


def rendered_for(letter: Letter, contact: PartyRow, links: Links) -> Rendered:
    """Render what a letter says, without what a reader does not see, but what a reader's program obeys."""
    told, sender = told_in(letter, contact, letter.language or DEFAULT, links), sender_of_letters()
    said = render(KINDS[letter.template], told, contact["name"], sender)
    return Rendered(*(UNSEEN.sub("", part) for part in (said.subject, said.text, said.html)))


def sender_of_letters() -> Sender:
    chosen = notification_settings()
    return Sender(parseaddr(chosen.sender)[0], chosen.reply_to)


def told_in(letter: Letter, contact: PartyRow, language: str, links: Signing) -> Told:
    """Return what a letter is about, as it is told to this contact."""
    kind = KINDS[letter.template]
    return Told(
        letter.about,
        to=letter.about.get("to", kind.audiences[0]),  # letters of earlier releases do not say it
        language=language,
        zone=contact["zone"] or letter.about.get("zone") or WIB,
        link_days=round(notification_settings().link_days),
        link=links,
        lookup=Copies(),
    )


def one_click(address: str) -> dict[str, str]:
    """Return the headers by which a mail program offers to unsubscribe (RFC 8058)."""
    if not URL_SAFE.fullmatch(address):
        raise UnsafeHeader("not the address of a page")
    return {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def require_headers(wire: bytes, meant: Mapping[str, Any], email: str, invited: Invitation | None = None) -> None:
    """Raise `UnsafeHeader` unless the finished mail has exactly the headers and parts that were meant, and one recipient."""
    sent = message_from_bytes(wire)
    if sorted(sent.keys()) != sorted([*meant, *STRUCTURE]) or sent.defects:
        raise UnsafeHeader("the finished mail has other headers than were meant")
    recipients = [address for _, address in getaddresses([sent["To"]])]
    subject = str(make_header(decode_header(sent["Subject"])))
    if recipients != [email] or not same_words(subject, meant["Subject"]):
        raise UnsafeHeader("the finished mail says something else than was meant")
    parts = list(sent.walk())
    meant_parts = PARTS if invited is None else [*PARTS, "text/calendar"]
    if [part.get_content_type() for part in parts] != meant_parts:
        raise UnsafeHeader("the finished mail has other parts than were meant")
    if invited is not None and (
        parts[-1].get_param("method") != invited.method
        or str(parts[-1].get_payload(decode=True), "utf-8") != invited.text  # type: ignore[arg-type]
    ):
        raise UnsafeHeader("the finished mail invites to something else than was meant")


def same_words(one: str, other: str) -> bool:
    """Say whether two texts differ in nothing but where their lines break."""
    return "".join(one.split()) == "".join(other.split())


def addressed(name: str, email: str) -> Address:
    """Return the address; raises `UnsafeHeader` for one that not every relay takes, such as one with letters beyond ASCII."""
    try:
        address = Address(safe(name), addr_spec=safe(email))
    except (ValueError, IndexError, MessageError) as broken:
        raise UnsafeHeader("not an address") from broken
    if not email.isascii() or not address.username or not address.domain:
        raise UnsafeHeader("not an address")
    return address


def safe(value: str) -> str:
    if HEADER_UNSAFE.search(value):
        raise UnsafeHeader("control characters or encoded words in a header")
    return value
