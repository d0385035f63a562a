"""The closed list of types that may travel, read from a dataclass once, when it is declared.

UUID, int, bool, date, datetime, `Code`, a `Literal` of strings, a nested `@value`, a `tuple[X, ...]` of these, each
possibly `| None` with the default None. Anything else raises `Undeclarable` on import. Text exists only as
`Annotated[str, personal]`, which events and values refuse: free text never travels in an event.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any, Final, Literal, TypeAlias, Union, get_args, get_origin, get_type_hints
from uuid import UUID

CODE_PATTERN: Final = r"^[A-Za-z0-9][A-Za-z0-9_.:/+-]{0,63}$"

PERSONAL_WORDS: Final = frozenset(
    {"name", "names", "surname", "email", "emails", "phone", "phones", "mobile", "whatsapp", "nik", "npwp"}
    | {"address", "addresses", "birth", "birthday", "birthdate"}
)


class Undeclarable(TypeError):
    """A class says something that no contract may say."""


class Undecodable(ValueError):
    """Bytes from outside that are not what the contract says. The reason never repeats a value."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Unencodable(ValueError):
    """An event of our own that breaks its contract; refused before it can reach a topic."""


@dataclass(frozen=True, slots=True)
class Marker:
    """Something said about a type in `Annotated`."""

    word: str


personal: Final = Marker("personal")
_code: Final = Marker("code")

Code: TypeAlias = Annotated[str, _code]
"""A word of a closed vocabulary that is data (module, reason, indicator): `CODE_PATTERN`, never free text."""

PersonalText: TypeAlias = Annotated[str, personal]
"""One line of text about a person; only outside events."""

ScalarKind: TypeAlias = Literal["uuid", "int", "bool", "date", "datetime", "code", "text"]

_PLAIN: Final[dict[object, ScalarKind]] = {
    UUID: "uuid",
    int: "int",
    bool: "bool",
    date: "date",
    datetime: "datetime",
}
_VALUES: Final[set[type]] = set()


@dataclass(frozen=True, slots=True)
class Scalar:
    kind: ScalarKind


@dataclass(frozen=True, slots=True)
class Choice:
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Many:
    item: Shape


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    shape: Shape
    optional: bool
    default: Any
    personal: bool

    @property
    def required(self) -> bool:
        return self.default is dataclasses.MISSING


@dataclass(frozen=True, slots=True)
class Composite:
    """A dataclass: an event, a value nested in it, or a party."""

    cls: type
    fields: tuple[Field, ...]


Shape: TypeAlias = Scalar | Choice | Many | Composite


def describe(cls: type) -> Composite:
    """The shape of a dataclass; raises `Undeclarable` naming the field that cannot travel."""
    return _described(cls)


@cache
def _described(cls: type) -> Composite:
    hints = get_type_hints(cls, include_extras=True)
    fields = tuple(_field(cls, field, hints[field.name]) for field in dataclasses.fields(cls))
    return Composite(cls, fields)


def admit_value(cls: type) -> None:
    """Let a dataclass be nested in others."""
    refuse_personal(describe(cls))
    _VALUES.add(cls)


def refuse_personal(composite: Composite) -> None:
    """Personal data and free text have no place in events, however deep."""
    for where, field in _walk(composite):
        words = PERSONAL_WORDS.intersection(field.name.split("_"))
        if field.personal or words:
            why = "is marked personal" if field.personal else f"names personal data ({', '.join(sorted(words))})"
            raise Undeclarable(f"{where} {why}: it may travel on a contacts topic only, never in an event")


def _walk(composite: Composite) -> Iterator[tuple[str, Field]]:
    for field in composite.fields:
        yield f"{composite.cls.__name__}.{field.name}", field
        inner = field.shape
        while isinstance(inner, Many):
            inner = inner.item
        if isinstance(inner, Composite):
            yield from _walk(inner)


def _field(cls: type, field: dataclasses.Field[Any], annotation: Any) -> Field:
    where = f"{cls.__name__}.{field.name}"
    bare, optional, marks = _unwrapped(annotation)
    if field.default_factory is not dataclasses.MISSING:
        raise Undeclarable(f"{where}: a default must be a constant")
    if optional and field.default is not None:
        raise Undeclarable(f"{where}: an optional field needs the default None")
    if not optional and field.default is None:
        raise Undeclarable(f"{where}: the default None needs the type `X | None`")
    shape = _shape(bare, where)
    if isinstance(shape, Many) and field.default not in (dataclasses.MISSING, (), None):
        raise Undeclarable(f"{where}: the only default of a tuple is ()")
    marked = personal in marks or bool(field.metadata.get("personal"))
    return Field(field.name, shape, optional, field.default, marked)


def _unwrapped(annotation: Any) -> tuple[Any, bool, tuple[Any, ...]]:
    """The type without `| None`, whether it had it, and every mark on the way."""
    if get_origin(annotation) is Annotated:
        inner, *marks = get_args(annotation)
        bare, optional, more = _unwrapped(inner)
        # A mark belongs to the type it was written on: the code of `Code` must reach `_shape`.
        return (Annotated[bare, *marks] if bare is str else bare), optional, (*marks, *more)
    if get_origin(annotation) in (Union, types.UnionType):
        arms = [arm for arm in get_args(annotation) if arm is not types.NoneType]
        if len(arms) == 1:
            bare, _, marks_inside = _unwrapped(arms[0])
            return bare, True, marks_inside
    return annotation, False, ()


def _shape(annotation: Any, where: str) -> Shape:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if annotation in _PLAIN:
        return Scalar(_PLAIN[annotation])
    if origin is Annotated:
        return _marked(arguments, where)
    if origin is Literal and all(isinstance(word, str) for word in arguments):
        return Choice(arguments)
    if origin is tuple and len(arguments) == len((tuple, ...)) and arguments[1] is ...:
        return Many(_shape(arguments[0], f"{where}[]"))
    if isinstance(annotation, type) and annotation in _VALUES:
        return describe(annotation)
    hint = ": free text never travels, use Code" if annotation is str else ""
    raise Undeclarable(f"{where}: {annotation!r} cannot travel{hint}")


def _marked(arguments: tuple[Any, ...], where: str) -> Shape:
    bare, *marks = arguments
    if bare is not str:
        return _shape(bare, where)
    if _code in marks:
        return Scalar("code")
    if personal in marks:
        return Scalar("text")
    raise Undeclarable(f"{where}: free text never travels, use Code")
