"""Dataclass <-> JSON values, compiled to closures once per class; reading is on every consumer's hot path.

Readers are tolerant of unknown fields and strict in everything else, so that what is read and written again is the same
bytes. An absent optional value is not written at all, which keeps old bodies byte-equal when a field is added.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from shared.contracts.wire.scalars import READERS, WRITERS, Convert, Refused, choice
from shared.contracts.wire.shape import Choice, Composite, Field, Many, Scalar, Shape, describe

_ABSENT: Final = object()


def reader_of(cls: type) -> Convert:
    return _compiled(cls)[0]


def writer_of(cls: type) -> Convert:
    return _compiled(cls)[1]


@cache
def _compiled(cls: type) -> tuple[Convert, Convert]:
    shape = describe(cls)
    return reader(shape), writer(shape)


def reader(shape: Shape) -> Convert:
    """JSON value -> Python value; raises `Refused`."""
    match shape:
        case Scalar(kind):
            return READERS[kind]
        case Choice(words):
            return choice(words)
        case Many(item):
            return _many(reader(item), list, tuple)
        case Composite(cls, fields):
            return _composite_reader(cls, fields)


def writer(shape: Shape) -> Convert:
    """Python value -> JSON value; raises `Refused`."""
    match shape:
        case Scalar(kind):
            return WRITERS[kind]
        case Choice(words):
            return choice(words)
        case Many(item):
            return _many(writer(item), tuple, list)
        case Composite(cls, fields):
            return _composite_writer(cls, fields)


def _many(convert: Convert, source: type[Any], target: Convert) -> Convert:
    def convert_all(values: Any) -> Any:
        if type(values) is not source:
            raise Refused("not a list")
        items: Any = values
        try:
            return target(map(convert, items))
        except Refused as refusal:
            raise _inside("[]", refusal) from None

    return convert_all


def _composite_reader(cls: type, fields: tuple[Field, ...]) -> Convert:
    plan = tuple((field.name, reader(field.shape), field.optional, field.required) for field in fields)

    def read(raw: Any) -> Any:
        if type(raw) is not dict:
            raise Refused("not an object")
        values = {}
        for name, convert, optional, required in plan:
            item = raw.get(name, _ABSENT)
            if item is _ABSENT:
                if required:
                    raise Refused(f"{name}: missing")
            elif item is not None or not optional:
                try:
                    values[name] = convert(item)
                except Refused as refusal:
                    raise _inside(name, refusal) from None
        return cls(**values)

    return read


def _composite_writer(cls: type, fields: tuple[Field, ...]) -> Convert:
    plan = tuple((field.name, writer(field.shape), field.default in (None, ()), field.default) for field in fields)

    def write(value: Any) -> dict[str, Any]:
        if type(value) is not cls:
            raise Refused(f"not a {cls.__name__}")
        raw = {}
        for name, convert, omitted, default in plan:
            item = getattr(value, name)
            if omitted and item == default:
                continue
            try:
                raw[name] = convert(item)
            except Refused as refusal:
                raise _inside(name, refusal) from None
        return raw

    return write


def _inside(name: str, refusal: Refused) -> Refused:
    path, colon, reason = str(refusal).rpartition(": ")
    separator = "." if path and not path.startswith("[") else ""
    return Refused(f"{name}{separator}{path}{colon or ': '}{reason}")
