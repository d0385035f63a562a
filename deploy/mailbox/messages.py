"""The kept messages of the mail sink: one .eml file each, the newest `keep` of them, none longer than it may be kept.

A message that was accepted is on disk under its final name, complete or not at all. Summaries are held in memory,
bodies are read when somebody looks. Mails are hostile input: nothing here trusts a header, a charset or a structure.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from pathlib import Path
from typing import Any
from uuid import UUID

from shared.kernel import ids


@dataclass(frozen=True, slots=True)
class Summary:
    id: str
    sender: str
    to: str
    subject: str
    date: str
    message_id: str
    correlation: str


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    content_type: str
    content: bytes


class Mailbox:
    def __init__(self, folder: Path, keep: int, keep_seconds: float = float("inf")) -> None:
        self._folder, self._keep, self._keep_seconds = folder, keep, keep_seconds
        self._lock = threading.Lock()
        self._summaries: OrderedDict[str, Summary] = OrderedDict()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for path in sorted(folder.glob("*.eml"), key=_kept_at):
            with path.open("rb") as source:
                self._summaries[path.stem] = _summary(path.stem, BytesHeaderParser().parse(source))
        self.forget_old()

    def keep(self, content: bytes, sender: str, recipients: list[str]) -> str:
        """Store a message with its envelope in front; return its id, which rises with time."""
        envelope = f"Return-Path: <{sender}>\r\n" + "".join(f"Delivered-To: {to}\r\n" for to in recipients)
        stored = envelope.encode("utf-8", "replace") + content
        identity = str(ids.new())
        unfinished = self._folder / f"{identity}.tmp"
        unfinished.write_bytes(stored)
        unfinished.replace(self.path(identity))
        summary = _summary(identity, BytesHeaderParser().parsebytes(stored))
        with self._lock:
            self._summaries[identity] = summary
        self.forget_old()
        return identity

    def summaries(self, **wanted: str) -> list[Summary]:
        """List the messages, newest first; `wanted` is field -> part of its text, whatever the case."""
        with self._lock:
            newest_first = list(reversed(self._summaries.values()))
        return [
            summary for summary in newest_first
            if all(part.lower() in str(getattr(summary, field)).lower() for field, part in wanted.items())
        ]  # fmt: skip

    def path(self, identity: str) -> Path:
        return self._folder / f"{identity}.eml"

    def raw(self, identity: str) -> bytes | None:
        """Return the message as it came; None when there is no such message. Only ids we made reach the disk."""
        try:
            return self.path(str(UUID(identity))).read_bytes()
        except (ValueError, OSError):
            return None

    def message(self, identity: str) -> Message | None:
        raw = self.raw(identity)
        return None if raw is None else parsed(raw)

    def forget_old(self) -> None:
        """Drop what is more than is kept, and what is older: mails tell of people who may have been erased."""
        with self._lock:
            surplus = [self._summaries.popitem(last=False)[0] for _ in range(len(self._summaries) - self._keep)]
            while self._summaries and self._is_old(next(iter(self._summaries))):
                surplus.append(self._summaries.popitem(last=False)[0])
        for identity in surplus:
            self.path(identity).unlink(missing_ok=True)

    def remove(self, letters: Collection[str]) -> int:
        """Drop the mails of some letters, whose ids begin their Message-IDs; return how many there were."""
        with self._lock:
            gone = [
                kept.id for kept in self._summaries.values() if kept.message_id.strip("<>").partition("@")[0] in letters
            ]
            for identity in gone:
                del self._summaries[identity]
        for identity in gone:
            self.path(identity).unlink(missing_ok=True)
        return len(gone)

    def _is_old(self, identity: str) -> bool:
        try:
            written_at = self.path(identity).stat().st_mtime
        except FileNotFoundError:  # somebody else has dropped it
            return True
        return time.time() - written_at > self._keep_seconds


def _kept_at(path: Path) -> int:
    """Return when a message was written: ids made in one millisecond have no order, the moments of writing have."""
    return path.stat().st_mtime_ns


def parsed(raw: bytes) -> Message:
    return BytesParser().parsebytes(raw)


def headers(message: Message) -> list[tuple[str, str]]:
    return [(name, _text(value)) for name, value in message.items()]


def body(message: Message, kind: str) -> str:
    """Return the text ("plain") or HTML ("html") of a message, empty when it has none."""
    part = next((leaf for leaf in _leaves(message) if leaf.get_content_type() == f"text/{kind}"
                 and leaf.get_content_disposition() != "attachment"), None)  # fmt: skip
    if part is None:
        return ""
    content = _content(part)
    try:
        return content.decode(str(part.get_content_charset("utf-8")), "replace")
    except (LookupError, ValueError):
        return content.decode("utf-8", "replace")


def attachments(message: Message) -> list[Attachment]:
    """Return everything that is neither the text nor the HTML: calendar invitations, certificates, letters."""
    parts = []
    for part in _leaves(message):
        if part.get_content_type() in ("text/plain", "text/html") and part.get_content_disposition() != "attachment":
            continue
        try:
            name = _text(part.get_filename() or "")
        except (MessageError, LookupError, ValueError, TypeError):
            name = ""
        parts.append(Attachment(name or f"part.{part.get_content_subtype()}", part.get_content_type(), _content(part)))
    return parts


def _leaves(message: Message) -> Iterator[Message]:
    return (part for part in message.walk() if not part.is_multipart())


def _content(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _summary(identity: str, message: Message) -> Summary:
    values = {name.lower(): _text(value) for name, value in reversed(message.items())}

    def header(*names: str) -> str:
        return next((values[name] for name in names if values.get(name)), "")

    return Summary(
        id=identity,
        sender=header("from", "return-path"),
        to=header("to", "delivered-to"),
        subject=header("subject"),
        date=header("date"),
        message_id=header("message-id"),
        correlation=header("x-correlation-id"),
    )


def _text(raw: Any) -> str:
    """Write a header's value for people: encoded words read, bytes beyond ASCII read as UTF-8, line breaks gone."""
    try:
        value = str(make_header(decode_header(str(raw)))) if "=?" in str(raw) else str(raw)
    except (MessageError, LookupError, ValueError):
        value = str(raw)
    return " ".join(value.encode("utf-8", "surrogateescape").decode("utf-8", "replace").split())
