"""A second reader of contract bodies, written out plainly: what it refuses the platform must refuse, and the other way round."""

import re
from datetime import date, datetime
from uuid import UUID

from msgspec.inspect import (
    BoolType,
    DateTimeType,
    DateType,
    IntType,
    LiteralType,
    StrType,
    StructType,
    UUIDType,
    VarTupleType,
)

from shared.contracts.wire.shape import CODE_PATTERN, bare, fields_of

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/+-]{0,63}")
_LINE = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]{1,254}")


def read(cls, raw):
    """The instance that a JSON object says; raises `ValueError` for anything else."""
    _need(type(raw) is dict)
    values = {}
    for field in fields_of(cls):
        kind, optional = bare(field.type)
        if field.name not in raw:
            _need(not field.required)
        elif raw[field.name] is not None or not optional:
            values[field.name] = _value(kind, raw[field.name])
    return cls(**values)


def _value(kind, raw):
    match kind:
        case StructType(cls=cls):
            return read(cls, raw)
        case VarTupleType(item_type=item):
            _need(type(raw) is list)
            return tuple(_value(bare(item)[0], one) for one in raw)
        case LiteralType(values=words):
            _need(type(raw) is str and raw in words)
        case BoolType():
            _need(type(raw) is bool)
        case IntType():
            _need(type(raw) is int and abs(raw) < 2**53)
        case StrType(pattern=pattern):
            _need(type(raw) is str and (_CODE if pattern == CODE_PATTERN else _LINE).fullmatch(raw))
        case UUIDType():
            _need(type(raw) is str and _ID.fullmatch(raw))
            return UUID(raw)
        case DateType():
            _need(type(raw) is str and _DAY.fullmatch(raw))
            return date.fromisoformat(raw)
        case DateTimeType():
            _need(type(raw) is str and _TIME.fullmatch(raw))
            return datetime.fromisoformat(raw)
        case _:
            raise AssertionError(f"no reader of {kind!r}")
    return raw


def _need(true):
    if not true:
        raise ValueError
