"""Turns contract classes into JSON and back; every value has one spelling, and another is refused in both directions.

`decode` raises only `Undecodable`, `encode` only `Unencodable`; both name the field and never repeat its value. Readers are
tolerant of unknown fields and strict in everything else. A field at its default is not written, which keeps old bodies
byte-equal when an optional field is added.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final, TypeVar

import msgspec
import orjson

from shared.contracts.wire.shape import Contract, Undecodable, Unencodable

C = TypeVar("C", bound=Contract)

TIME: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z")
_WITHOUT_A_VALUE: Final = re.compile("Expected|Object missing|Invalid UUID|Invalid RFC3339")
_AS_THEY_ARE: Final = (datetime,)
_MILLISECOND: Final = 1000


def encode(instance: Contract) -> bytes:
    """Write the body of a record, held against its contract first: nothing leaves that nobody could read."""
    cls = type(instance)
    values = _plain(instance)
    try:
        again = msgspec.convert(values, cls, builtin_types=_AS_THEY_ARE)
    except msgspec.ValidationError as error:
        raise Unencodable(f"{cls.__name__}.{_refusal(error)}") from None
    if again != instance:
        wrong = (name for name in cls.__struct_fields__ if getattr(again, name) != getattr(instance, name))
        raise Unencodable(f"{cls.__name__}.{', '.join(wrong)}: not of the type that the contract says")
    return _json(values)


def decode(cls: type[C], body: bytes) -> C:
    """Read an instance from a body; fields that the class does not know are skipped."""
    try:
        instance: C = _decoder(cls).decode(body)
        values = _plain(instance)
        wrong = () if _json(values) == body else tuple(_misspelt(orjson.loads(body), values))
    except msgspec.ValidationError as error:
        raise Undecodable(f"{cls.__name__}: {_refusal(error)}") from None
    except (msgspec.DecodeError, ValueError, RecursionError):
        raise Undecodable("the body is not JSON") from None
    except orjson.JSONEncodeError:  # in UTC it would lie before the year 1, or after 9999
        raise Undecodable(f"{cls.__name__}: a time that cannot be written") from None
    if wrong:
        raise Undecodable(f"{cls.__name__}: {wrong[0]}: not in the one spelling of its value")
    return instance


def rfc3339(moment: datetime) -> str:
    """Write a time as it stands on the wire: UTC, in milliseconds unless it is more precise."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    precision = "microseconds" if moment.microsecond % _MILLISECOND else "milliseconds"
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec=precision) + "Z"


@cache
def _decoder(cls: type[C]) -> msgspec.json.Decoder[C]:
    return msgspec.json.Decoder(cls)


def _plain(instance: Contract) -> Any:
    """Turn an instance into what JSON knows, times aside; what no contract could ever say becomes None and is refused."""
    return msgspec.to_builtins(instance, builtin_types=_AS_THEY_ARE, enc_hook=lambda _: None)


def _json(values: Any) -> bytes:
    return orjson.dumps(values, default=rfc3339, option=orjson.OPT_PASSTHROUGH_DATETIME)


def _misspelt(written: Any, read: Any, path: str = "") -> Iterator[str]:
    """Find where a body spells a value otherwise than we would: an id in capitals, a time that is not UTC."""
    if isinstance(read, dict):
        for name, value in read.items():
            yield from _misspelt(written[name], value, f"{path}.{name}" if path else name)
    elif isinstance(read, list | tuple):
        for index, value in enumerate(read):
            yield from _misspelt(written[index], value, f"{path}[{index}]")
    elif written != read if not isinstance(read, datetime) else not TIME.fullmatch(written):
        yield path


def _refusal(error: msgspec.ValidationError) -> str:
    """Say where and why, but not the value, which msgspec repeats where it is not in a vocabulary."""
    reason, mark, path = str(error).rpartition(" - at `$")
    if not mark:
        return path
    return f"{path.strip('`.')}: {reason if _WITHOUT_A_VALUE.match(reason) else 'not one of its words'}"
