"""A Kafka record as contracts see it, and the strict reading of its headers.

CloudEvents 1.0, Kafka binary mode. Whatever is malformed raises `Undecodable`; sizes are checked before anything is
parsed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final, NamedTuple, TypeAlias
from uuid import UUID

from shared.contracts.wire.codec import TIME, rfc3339
from shared.contracts.wire.shape import Undecodable
from shared.kernel.trace import TRACEPARENT

Headers: TypeAlias = Iterable[tuple[str, bytes | None]]

# Kafka's own default for the largest message; a bigger one cannot come from one of our relays.
LARGEST_BODY: Final = 1_048_576
LONGEST_HEADER: Final = 512
MOST_HEADERS: Final = 64

ANSWERS_HEADER: Final = "ce_answers"
MOST_ANSWERS: Final = 6  # requests that one record answers: what an attribute has room for
CONTENT_TYPE: Final = "application/json"
_KNOWN: Final = {
    "ce_specversion": "specversion",
    "ce_id": "id",
    "ce_type": "type",
    "ce_source": "source",
    "ce_time": "time",
    "ce_subject": "subject",
    "ce_sequence": "sequence",
    "ce_partitionkey": "partitionkey",
    "ce_correlationid": "correlationid",
    "ce_causationid": "causationid",
    "ce_principal": "principal",
    "ce_institution": "institution",
    "ce_answers": "answers",
    "content-type": "content-type",
}
_WORD: Final = re.compile(r"[!-~]{1,255}")
_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
# As it is written since decision 47, or without zeros before it, as earlier releases wrote it.
_SEQUENCE: Final = re.compile(r"[0-9]{16}|[1-9][0-9]{0,14}")


class Record(NamedTuple):
    key: bytes
    headers: list[tuple[str, bytes]]
    value: bytes | None


def cloud_headers(attributes: dict[str, Any], traceparent: str | None) -> list[tuple[str, bytes]]:
    """Return the headers of a record; absent attributes are left out."""
    headers = [("ce_specversion", b"1.0")]
    for name, value in attributes.items():
        if value is not None:
            text = rfc3339(value) if isinstance(value, datetime) else str(value)
            headers.append((f"ce_{name}", text.encode()))
    headers.append(("content-type", CONTENT_TYPE.encode()))
    if traceparent is not None:
        headers.append(("traceparent", traceparent.encode()))
    return headers


def schema_uri(type_of: str) -> str:
    """Name the published schema of a type: its `$id`, whoever serves it and wherever."""
    return f"urn:score:{type_of}"


def ordered(sequence: int) -> str:
    """Write a sequence so that a comparison of texts puts it in its place, as CloudEvents' sequence extension asks."""
    return f"{sequence:016d}"


class Attributes:
    """The CloudEvents attributes of a record, each read as what it must be."""

    def __init__(self, headers: Headers) -> None:
        self._texts: dict[str, str] = {}
        self.traceparent: str | None = None
        for count, (name, raw) in enumerate(headers, start=1):
            if count > MOST_HEADERS:
                raise Undecodable(f"more than {MOST_HEADERS} headers")
            if name == "traceparent":
                self.traceparent = _trace(raw)
            elif name in _KNOWN:
                self._add(_KNOWN[name], raw)
        if self.word("specversion") != "1.0":
            raise Undecodable("not CloudEvents 1.0")
        if self.word("content-type").partition(";")[0] != CONTENT_TYPE:
            raise Undecodable("the content type is not JSON")

    def _add(self, name: str, raw: bytes | None) -> None:
        if name in self._texts:
            raise Undecodable(f"{name}: given twice")
        if raw is None or len(raw) > LONGEST_HEADER:
            raise Undecodable(f"{name}: empty or longer than {LONGEST_HEADER} bytes")
        try:
            self._texts[name] = raw.decode()
        except UnicodeDecodeError:
            raise Undecodable(f"{name}: not UTF-8") from None

    def word(self, name: str) -> str:
        text = self._texts.get(name)
        if text is None:
            raise Undecodable(f"{name}: missing")
        if not _WORD.fullmatch(text):
            raise Undecodable(f"{name}: not printable ASCII without spaces")
        return text

    def id(self, name: str) -> UUID:
        text = self.word(name)
        if not _UUID.fullmatch(text):
            raise Undecodable(f"{name}: not a UUID in lower case with hyphens")
        return UUID(text)

    def id_or_none(self, name: str) -> UUID | None:
        return self.id(name) if name in self._texts else None

    def ids(self, name: str) -> frozenset[UUID]:
        """Read a list of ids, separated by commas; none where it is absent."""
        if name not in self._texts:
            return frozenset()
        parts = self.word(name).split(",")
        if not all(map(_UUID.fullmatch, parts)):
            raise Undecodable(f"{name}: not UUIDs in lower case with hyphens, separated by commas")
        return frozenset(map(UUID, parts))

    def moment(self, name: str) -> datetime:
        text = self.word(name)
        if not TIME.fullmatch(text):
            raise Undecodable(f"{name}: not a UTC time (RFC 3339 with Z)")
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            raise Undecodable(f"{name}: no moment of the calendar") from None

    def sequence(self) -> int:
        """Read the place in its key's history: a whole number from 1."""
        text = self.word("sequence")
        number = int(text) if _SEQUENCE.fullmatch(text) else 0
        if number == 0:
            raise Undecodable("sequence: not a whole number from 1")
        return number

    def key(self, record_key: bytes | None) -> UUID:
        """Read the aggregate's id, which key, subject and partition key must agree on."""
        subject = self.word("subject")
        if record_key is None or record_key != subject.encode() or self.word("partitionkey") != subject:
            raise Undecodable("key, subject and partition key are not one id")
        return self.id("subject")


def answers_of(headers: Headers) -> frozenset[UUID]:
    """Read which requests a record answers; raises `Undecodable`."""
    return Attributes(headers).ids("answers")


def _trace(raw: bytes | None) -> str | None:
    """Return the W3C trace, or None: a broken one starts a new trace, as the standard asks, and refuses nothing."""
    text = (raw or b"").decode(errors="replace")
    return text if TRACEPARENT.fullmatch(text) else None


def body_of(value: bytes | None) -> bytes:
    if value is None:
        raise Undecodable("no body")
    if len(value) > LARGEST_BODY:
        raise Undecodable(f"the body is larger than {LARGEST_BODY} bytes")
    return value
