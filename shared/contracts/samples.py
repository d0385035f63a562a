"""Plausible instances of contract classes, the same on every machine: golden samples and documentation use them.

All samples tell of one enterprise, one trainer, one training: equal field names hold equal ids. People are invented.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID

from msgspec.inspect import (
    BoolType,
    DateTimeType,
    DateType,
    IntType,
    LiteralType,
    StrType,
    StructType,
    Type,
    UUIDType,
    VarTupleType,
)

from shared.contracts.values import Money
from shared.contracts.wire.shape import Contract, bare, fields_of
from shared.kernel import ids
from shared.reference.zones import WIB

T = TypeVar("T", bound=Contract)

_SAME_AS: Final = {"lead_trainer_id": "trainer_id", "person_id": "participant_id", "recipient_id": "participant_id"}
_CODES: Final[dict[str, tuple[str, ...]]] = {
    "module": ("M1", "M2"),
    "modules": ("M1", "M2"),
    "prerequisites": ("M1",),
    "suggested_modules": ("M2", "M5"),
    "province": ("ID-JT",),
    "sector": ("food_and_beverage",),
    "kbli": ("10710",),
    "zone": (WIB,),
    "currency": ("IDR",),
    "period": ("2026-11",),
    "start_time": ("08:30",),
    "end_time": ("16:00",),
    "number": ("INV/2026/000017",),
    "credit_note_number": ("CN/2026/000003",),
    "certificate_number": ("SCORE-M1-2026-0042",),
    "tranche": ("classroom",),
    "category": ("venue",),
    "indicator": ("DEFECT", "ABSENT"),
    "unit": ("percent",),
    "theme": ("5S", "safety"),
    "template": ("module_completed",),
    "purposes": ("training", "letters"),
    "withdrawn": ("photos",),
    "consent_version": ("2026-1",),
    "audiences": ("programme", "ministry"),
    "kind": ("quarterly_digest",),
    "reason": ("trainer_ill",),
    "group": ("finance.billing",),
    "topic": ("score.enrollment",),
}
_TYPICAL: Final = (
    *("person", "private_provider", "provider", "measured", "micro"),
    *("before_classroom", "classroom", "id", "contact", "billing"),
)
_INTEGERS: Final = {
    "classroom_days": 2,
    "required_visits": 3,
    "enterprise_share_percent": 50,
    "minutes": 120,
    "women": 2,
    "digits": 125,
    "decimals": 1,
    "days_left": 30,
    "days_overdue": 7,
    "sent": 500,
    "months": 6,
}
_PRICE: Final = 1_500_000
_AMOUNTS: Final = {"tax": 165_000, "total": 1_665_000, "withheld": 30_000}
_TEXTS: Final = {
    "name": "Sari Contoh",
    "email": "sari@example.org",
    "phone": "+620000000000",
    "address": "Jalan Contoh 1, Semarang",
    "title_in_indonesian": "Kerja Sama di Tempat Kerja",
    "title_in_english": "Workplace Cooperation",
}
_FIRST_DAY: Final = date(2026, 11, 17)
_DATES: Final = {
    "valid_from": date(2026, 1, 15),
    "valid_to": date(2029, 1, 14),
    "due_on": date(2026, 12, 17),
    "previous_days": date(2026, 11, 10),
    "previous_on": date(2026, 11, 10),
    "reversed_on": date(2026, 11, 24),
}
_MOMENT: Final = datetime(2026, 11, 24, 7, 30, 0, 250_000, tzinfo=UTC)


def sample(cls: type[T]) -> T:
    """Make an instance with every field set, the optional ones too."""
    made: T = _make(cls, 0)
    return made


def _make(cls: type[Any], index: int) -> Any:
    return cls(**{field.name: _value(field.name, bare(field.type)[0], index) for field in fields_of(cls)})


def _value(name: str, kind: Type, index: int) -> Any:
    match kind:
        case LiteralType(values=words):
            return sorted(words, key=_rank)[index % len(words)]
        case VarTupleType(item_type=item):
            inner = bare(item)[0]
            length = _length(name, inner)
            return tuple(_value(name, inner, index * length + position) for position in range(length))
        case StructType(cls=cls) if cls is Money:
            return Money(amount=_AMOUNTS.get(name, _PRICE))
        case StructType(cls=cls):
            return _make(cls, index)
    return _SCALARS[type(kind)](name, index)


def _rank(word: object) -> int:
    """Rank a code: what is typical of a vocabulary comes first, then the rest as the library has it, by the alphabet."""
    return _TYPICAL.index(word) if word in _TYPICAL else len(_TYPICAL)


def _length(name: str, item: Type) -> int:
    """Return how many items to make: two, but repeat no vocabulary."""
    two = 2
    match item:
        case StrType():
            return min(two, len(_CODES.get(name, (name,))))
        case LiteralType(values=words):
            return min(two, len(words))
    return two


def _id(name: str, index: int) -> UUID:
    singular = name.removesuffix("s")
    recipe = _SAME_AS.get(singular, singular)
    if recipe == "journey_id":
        return ids.derived("journey", _id("enterprise_id", index), _code("module", 0))
    return ids.derived("sample", recipe, index)


def _day(name: str, index: int) -> date:
    return _DATES.get(name, _FIRST_DAY) + timedelta(days=index)


def _code(name: str, index: int) -> str:
    codes = _CODES.get(name, (name,))
    return codes[index % len(codes)]


_SCALARS: Final[dict[type[Type], Callable[[str, int], Any]]] = {
    UUIDType: _id,
    IntType: lambda name, _: _INTEGERS.get(name, 1),
    BoolType: lambda _, index: index == 0,
    DateType: _day,
    DateTimeType: lambda *_: _MOMENT,
    StrType: lambda name, index: _TEXTS.get(name) or _code(name, index),
}
