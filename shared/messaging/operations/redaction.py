"""Shows an operator of a parked record everything that helps, and no personal data.

A compacted topic is personal as a whole: of its records the headers are shown, never the body, and of an error only its
name. An event holds none by contract, but a parked record may break its contract, and an error may quote what it met: words
that name persons and texts that are no codes are masked. A record that says nothing of itself shows only its size.
"""

from __future__ import annotations

import re
from typing import Any

import orjson

from shared.contracts.catalogue import kind_of_topic
from shared.contracts.wire.shape import CODE_PATTERN, PERSONAL_WORDS
from shared.messaging.inbox.decoding import is_unread, readable
from shared.messaging.inbox.parked import parked_of

MASK = "***"
STANDARD_HEADERS = ("ce_", "content-type", "traceparent", "scoreepoch")
_ERROR = re.compile(r"([A-Za-z_]\w*): .+", re.DOTALL)
_ADDRESS = re.compile(r"[^\s@,;:<>'\"]+@[^\s@,;:<>'\"]+|\+\d[\d ().-]{6,}\d")
_CODE = re.compile(CODE_PATTERN)


def id_shown(row_id: str) -> str:
    """Write an id so that it can be pasted into a shell; `id_typed` turns it back."""
    return row_id.replace("|", "/")


def id_typed(shown: str) -> str:
    return shown.replace("/", "|")


def line_of(service: str, row: dict[str, Any]) -> dict[str, Any]:
    """Return a record as a line of a listing."""
    line = {
        "id": id_shown(row["_id"]),
        "service": service,
        **{name: row[name] for name in (
            "group", "topic", "partition", "offset", "key", "sequence", "reason", "event_type", "event_id", "tries",
            "parked_at", "next_try_at", "waiting_for",
        )},
        "detail": detail_of(row),
    }  # fmt: skip
    if "why" in row:
        line |= {"discarded_at": row["discarded_at"], "why": masked_text(row["why"])}
    return line


def whole(service: str, row: dict[str, Any]) -> dict[str, Any]:
    """Return the record itself as well: its headers and its body as far as they may be shown."""
    record = parked_of(row).record
    headers = {
        name: value.decode("utf-8", "replace") if name.startswith(STANDARD_HEADERS) else MASK
        for name, value in record.headers
    }
    shown = {**line_of(service, row), "headers": headers, "bytes": len(record.value or b"")}
    if is_unread(record):
        return {**shown, "headers": {}, "body": "not known: the broker's client could not take the record apart"}
    if kind_of_topic(row["topic"]):
        return {**shown, "body": "not shown: its text may be personal data" if record.value else "none: an erasure"}
    if readable(record) is None:
        return {**shown, "headers": dict.fromkeys(headers, MASK), "body": "not shown: no header says what it is"}
    try:
        return {**shown, "body": masked(orjson.loads(record.value or b""))}
    except orjson.JSONDecodeError:
        return {**shown, "body": "not shown: it is not JSON"}


def detail_of(row: dict[str, Any], detail: str | None = None) -> str:
    """Say why a record is parked."""
    words: str = row["detail"] if detail is None else detail
    if not kind_of_topic(row["topic"]):
        return masked_text(words)
    named = _ERROR.fullmatch(words)
    return f"{named[1]}: {MASK}" if named else MASK


def masked_text(words: str) -> str:
    return _ADDRESS.sub(MASK, words)


def masked(content: Any) -> Any:
    """Return JSON without what could be about a person: named as such, or text where only codes belong."""
    match content:
        case dict():
            return {
                name: MASK if PERSONAL_WORDS.intersection(re.split(r"[^a-z]+", name.lower())) else masked(inner)
                for name, inner in content.items()
            }
        case list():
            return [masked(inner) for inner in content]
        case str():
            return content if _CODE.fullmatch(content) else MASK
        case _:
            return content
