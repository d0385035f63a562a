"""Lists the types that may travel; a contract class that says anything else is refused when it is defined.

UUID, `Integer`, bool, date, `Timestamp`, `Code`, a `Literal` of strings, a nested `Value`, a `tuple[X, ...]` of these, each
possibly `| None` with the default None. Text exists only as `PersonalText`, which events and values refuse: free text
never travels in an event.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Final, TypeAlias, dataclass_transform
from uuid import UUID

import msgspec
from msgspec import NODEFAULT, Meta
from msgspec.inspect import (
    DateTimeType,
    Field,
    IntType,
    LiteralType,
    Metadata,
    NoneType,
    StrType,
    StructType,
    Type,
    UnionType,
    VarTupleType,
    type_info,
)

# `$` also stands before a last line break, which a schema's reader and Python's `search` must not overlook.
CODE_PATTERN: Final = r"^[A-Za-z0-9][A-Za-z0-9_.:/+-]{0,63}$(?!\n)"
TEXT_PATTERN: Final = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]*$(?!\n)"
LONGEST_TEXT: Final = 254
# JSON numbers are doubles to many readers; beyond this they lose whole units (RFC 8259, section 6).
LARGEST_INTEGER: Final = 2**53 - 1

PERSONAL_WORDS: Final = frozenset(
    {"name", "names", "surname", "email", "emails", "phone", "phones", "mobile", "whatsapp", "nik", "npwp"}
    | {"address", "addresses", "birth", "birthday", "birthdate"}
)

personal: Final = Meta(extra={"personal": True})
"""Marks a type, in `Annotated`, as data about a person."""

Integer: TypeAlias = Annotated[int, Meta(ge=-LARGEST_INTEGER, le=LARGEST_INTEGER)]
Timestamp: TypeAlias = Annotated[datetime, Meta(tz=True)]

Code: TypeAlias = Annotated[str, Meta(pattern=CODE_PATTERN)]
"""A word of a closed vocabulary that is data (module, reason, indicator), never free text."""

PersonalText: TypeAlias = Annotated[str, Meta(min_length=1, max_length=LONGEST_TEXT, pattern=TEXT_PATTERN), personal]
"""One line of text about a person; only outside events."""


class Undeclarable(TypeError):
    """A class says something that no contract may say."""


class Undecodable(ValueError):
    """Bytes from outside that are not what the contract says. The reason never repeats a value."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Unencodable(ValueError):
    """An event of our own that breaks its contract; refused before it can reach a topic."""


def fields_of(cls: type) -> tuple[Field, ...]:
    """Read the fields of a contract class, with their types resolved."""
    described: Any = type_info(cls)
    fields: tuple[Field, ...] = described.fields
    return fields


def bare(kind: Type) -> tuple[Type, bool]:
    """Strip a type of its marks and of `| None`, and say whether it had that."""
    match kind:
        case Metadata(type=inner):
            return bare(inner)
        case UnionType(types=(inner, NoneType()) | (NoneType(), inner)):
            return bare(inner)[0], True
    return kind, False


_SCALARS: Final = tuple(bare(type_info(one))[0] for one in (UUID, bool, date, Integer, Timestamp, Code, PersonalText))
_HINTS: Final[dict[type[Type], str]] = {
    StrType: "free text never travels, use Code",
    IntType: "use Integer, which every reader of JSON can hold",
    DateTimeType: "use Timestamp, which has a zone",
}
_CONSTANTS: Final = (str, int, bool, date, datetime)


def _admit_field(owner: str, field: Field, *, personal: bool) -> None:
    where = f"{owner}.{field.name}"
    kind, optional = bare(field.type)
    if not personal:
        _refuse_personal(where, field)
    if field.default is None and not optional:
        raise Undeclarable(f"{where}: the default None needs the type `X | None`")
    if optional and field.default is not None:
        raise Undeclarable(f"{where}: an optional field needs the default None")
    constants = () if isinstance(kind, VarTupleType) else _CONSTANTS
    if field.default_factory is not NODEFAULT or not (
        field.default in (NODEFAULT, None, ()) or type(field.default) in constants
    ):
        raise Undeclarable(f"{where}: a default is a constant, of a tuple it is ()")
    _admit(where, kind, personal=personal)


def _refuse_personal(where: str, field: Field) -> None:
    words = PERSONAL_WORDS.intersection(field.name.split("_"))
    if words or _is_marked(field.type):
        why = f"names personal data ({', '.join(sorted(words))})" if words else "is marked personal"
        raise Undeclarable(f"{where} {why}: it may travel on a contacts topic only, never in an event")


def _is_marked(kind: Type) -> bool:
    match kind:
        case Metadata(type=inner, extra=extra):
            return "personal" in (extra or {}) or _is_marked(inner)
        case UnionType(types=types):
            return any(map(_is_marked, types))
        case VarTupleType(item_type=item):
            return _is_marked(item)
    return False


def _admit(where: str, kind: Type, *, personal: bool) -> None:
    match kind:
        case VarTupleType(item_type=Metadata(type=item) | item):
            _admit(f"{where}[]", item, personal=personal)
        case StructType(cls=cls, fields=fields) if issubclass(cls, Value):
            for field in fields:
                _admit_field(cls.__name__, field, personal=personal)
        case LiteralType(values=words) if all(isinstance(word, str) for word in words):
            pass
        case _ if kind not in _SCALARS:
            raise Undeclarable(f"{where}: {_HINTS.get(type(kind), f'{kind} cannot travel')}")


class ContractMeta(msgspec.StructMeta):
    """Gives contract classes keyword arguments only and refuses on their definition what must not travel."""

    def __new__(  # noqa: PYI034 - mypy allows no Self in a metaclass
        cls,
        name: str,
        bases: tuple[type, ...],
        namespace: dict[str, Any],
        *,
        personal: bool = False,
        frozen: bool = True,
    ) -> ContractMeta:
        made = super().__new__(cls, name, bases, namespace, frozen=frozen, kw_only=True, omit_defaults=True)
        for field in fields_of(made):
            _admit_field(name, field, personal=personal)
        return made


@dataclass_transform(frozen_default=True, kw_only_default=True)
class Contract(msgspec.Struct, metaclass=ContractMeta, frozen=True):
    """Every contract class's ancestor. Only one that says `personal=True` may tell anything about a person."""


class Value(Contract):
    """A part of events, without identity."""
