"""Bodies made from the declared schemas: one that a schema accepts, and every way in which one field of it can be wrong."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, fields, validate

from shared.web.fields import Choice, Code, Email, Flag, Identifier, IsoDate, Moment, Phone, Real, Rupiah, Text, Whole
from shared.web.schema import Schema as OurSchema

OPERATOR = {"$gt": ""}
Path = tuple[str | int, ...]
WORDS = {
    "module": "M1", "kbli": "10792", "kbli_version": "2020", "nib": "9120001234567", "npwp": "012345678901000",
    "start_time": "08:30", "end_time": "16:00",
}  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """A body with one thing wrong, and the pointer that the answer must name (or something below it)."""

    what: str
    body: Any
    pointer: str


def accepted(schema: type[Schema]) -> dict[str, Any]:
    return {name: _value(name, field) for name, field in schema().fields.items() if not field.dump_only}


def faults(schema: type[Schema]) -> Iterator[Fault]:
    """One fault at a time, for every field at every depth."""
    good = accepted(schema)
    yield Fault("unknown field", {**good, "colour": "red"}, "/colour")
    yield Fault("operator as a field", {**good, "$where": "sleep(1000)"}, "/$where")
    yield Fault("a list", [], "")
    yield Fault("a text", "text", "")
    for path, field in _places(schema()):
        pointer = _pointer(path)
        for wrong in _wrong(field):
            yield Fault(f"{wrong!r} at {pointer}", _with(good, path, wrong), pointer)
        if isinstance(field, fields.Nested):
            yield Fault(f"unknown field in {pointer}", _with(good, (*path, "colour"), "red"), f"{pointer}/colour")
        if field.required and isinstance(path[-1], str):
            yield Fault(f"without {pointer}", _without(good, path), pointer)
        if not (field.allow_none or leaves_out(field)):
            yield Fault(f"null at {pointer}", _with(good, path, None), pointer)


def leaves_out(field: fields.Field[Any]) -> bool:
    """Whether null stands for a field that is left out."""
    return isinstance(field.parent, OurSchema) and field.parent.leaves_out(field)


def _wrong(field: fields.Field[Any]) -> list[Any]:
    """Values of other types than the field's; an operator for each, whatever it is."""
    found: list[Any] = [copy.deepcopy(OPERATOR)]
    if isinstance(field, fields.Nested):
        return [*found, [], "text", 7]
    if isinstance(field, fields.List):
        return [*found, "text", 7]
    if isinstance(field, Whole):
        return [*found, "7", True, 1.5, [], 10**30]
    if isinstance(field, Real):
        return [*found, "7", True, [], ["M1"]]
    if isinstance(field, Flag):
        return [*found, "true", 1, []]
    if isinstance(field, Text):
        found += ["a\0b", "x" * 20_001, "=?utf-8?q?x?="]
    if isinstance(field, IsoDate):
        found += ["2026-02-30", "20260201"]
    if isinstance(field, Moment):
        found += ["2026-11-02", "2026-11-02T08:00:00"]
    return [*found, 7, True, [], ["M1"]]


def _places(schema: Schema, above: Path = ()) -> Iterator[tuple[Path, fields.Field[Any]]]:
    for name, field in schema.fields.items():
        if field.dump_only:
            continue
        yield from _within((*above, name), field)


def _within(path: Path, field: fields.Field[Any]) -> Iterator[tuple[Path, fields.Field[Any]]]:
    yield path, field
    if isinstance(field, fields.List):
        yield from _within((*path, 0), field.inner)
    if isinstance(field, fields.Nested):
        yield from _places(field.schema, path)


PLAIN: tuple[tuple[type[fields.Field[Any]], Any], ...] = (
    (Rupiah, {"amount": 1_000_000, "currency": "IDR"}),
    (Identifier, "018f0000-0000-7000-8000-00000000abcd"),
    (IsoDate, "2026-11-02"),
    (Moment, "2026-11-02T08:00:00Z"),
    (Whole, 2),
    (Real, 2),
    (Email, "sari@example.org"),
    (Phone, "+620000000000"),
    (Flag, True),
    (Code, "other"),
)


def _value(name: str, field: fields.Field[Any]) -> Any:
    if name in WORDS:
        return WORDS[name]
    for kind, value in PLAIN:
        if isinstance(field, kind):
            return copy.deepcopy(value)  # two fields with one object would be wrong together
    if isinstance(field, fields.Nested):
        return {inner: _value(inner, kind) for inner, kind in field.schema.fields.items()}
    if isinstance(field, fields.List):
        return [_value(name, field.inner)]
    if isinstance(field, Choice):
        return next(check.choices[0] for check in field.validators if isinstance(check, validate.OneOf))
    return "Contoh"


def _pointer(path: Path) -> str:
    return "".join(f"/{part}" for part in path)


def _with(body: Any, path: Path, value: Any) -> Any:
    changed = copy.deepcopy(body)
    place = changed
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = value
    return changed


def _without(body: Any, path: Path) -> Any:
    changed = copy.deepcopy(body)
    place = changed
    for part in path[:-1]:
        place = place[part]
    del place[path[-1]]
    return changed
