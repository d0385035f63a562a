"""How a single value looks on the wire: one spelling each, refused otherwise.

Reading and writing check the same things, so that nothing leaves which nobody could read. Messages of `Refused` never
repeat a value.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, Final, TypeAlias
from uuid import UUID

from shared.contracts.wire.shape import CODE_PATTERN, ScalarKind

Convert: TypeAlias = Callable[[Any], Any]

# JSON numbers are doubles to many readers; beyond this they lose whole units (RFC 8259, section 6).
LARGEST_INTEGER: Final = 2**53 - 1
LONGEST_TEXT: Final = 254

_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z")
_CODE: Final = re.compile(CODE_PATTERN)
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_MILLISECOND: Final = 1000


class Refused(ValueError):
    """A value that is not what its field says; the message names the field, never the value."""


def read_uuid(raw: Any) -> UUID:
    if not isinstance(raw, str) or not _UUID.fullmatch(raw):
        raise Refused("not a UUID in lower case with hyphens")
    return UUID(raw)


def read_date(raw: Any) -> date:
    if not isinstance(raw, str) or not _DATE.fullmatch(raw):
        raise Refused("not a date (YYYY-MM-DD)")
    try:
        return date.fromisoformat(raw)
    except ValueError:
        raise Refused("no day of the calendar") from None


def read_moment(raw: Any) -> datetime:
    if not isinstance(raw, str) or not _MOMENT.fullmatch(raw):
        raise Refused("not a UTC time (RFC 3339 with Z)")
    try:
        return datetime.fromisoformat(raw)
    except ValueError:
        raise Refused("no moment of the calendar") from None


def write_moment(moment: Any) -> str:
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise Refused("not an aware datetime")
    precision = "microseconds" if moment.microsecond % _MILLISECOND else "milliseconds"
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec=precision) + "Z"


def _write_uuid(value: Any) -> str:
    if not isinstance(value, UUID):
        raise Refused("not a UUID")
    return str(value)


def _write_date(value: Any) -> str:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise Refused("not a date")
    return value.isoformat()


def _integer(value: Any) -> int:
    if type(value) is not int or not -LARGEST_INTEGER <= value <= LARGEST_INTEGER:
        raise Refused("not a whole number that JSON can carry")
    return value


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Refused("not true or false")
    return value


def _code(value: Any) -> str:
    if not isinstance(value, str) or not _CODE.fullmatch(value):
        raise Refused("not a code")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or not 1 <= len(value) <= LONGEST_TEXT or _CONTROL.search(value):
        raise Refused(f"not one line of 1 to {LONGEST_TEXT} characters")
    return value


READERS: Final[dict[ScalarKind, Convert]] = {
    "uuid": read_uuid,
    "int": _integer,
    "bool": _boolean,
    "date": read_date,
    "datetime": read_moment,
    "code": _code,
    "text": _text,
}
WRITERS: Final[dict[ScalarKind, Convert]] = READERS | {
    "uuid": _write_uuid,
    "date": _write_date,
    "datetime": write_moment,
}


def choice(words: tuple[str, ...]) -> Convert:
    allowed = {word: word for word in words}

    def choose(value: Any) -> str:
        if not isinstance(value, str) or value not in allowed:
            raise Refused(f"not one of {', '.join(words)}")
        return allowed[value]

    return choose
