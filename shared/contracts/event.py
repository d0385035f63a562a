"""Facts: what happened, in the past tense, owned by exactly one service.

Declaring a class derives its type (`id.score.enrollment.training_delivered.v1`), its topic (`score.enrollment`) and its
wire format, and refuses on import what must never travel: personal data, free text, a second class of the same type.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar, dataclass_transform
from uuid import UUID

from shared.contracts.wire.shape import Scalar, Undeclarable, admit_value, describe, refuse_personal


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(dataclasses.field,))
class Fact:
    """Every fact's ancestor. `@owner.fact(key=...)` turns a subclass into a frozen dataclass with keyword arguments."""

    __slots__ = ()


F = TypeVar("F", bound=Fact)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Declaration:
    """What `@owner.fact` derived from a class."""

    type: str
    owner: Owner
    key: str
    version: int


class Registry:
    """One class per type, one owner per name. Contracts share one; a test may bring its own."""

    def __init__(self) -> None:
        self.owners: dict[str, Owner] = {}
        self.classes: dict[str, type[Fact]] = {}

    def claim(self, owner: Owner) -> None:
        if owner.name in self.owners:
            raise Undeclarable(f"owner {owner.name!r} is declared twice")
        self.owners[owner.name] = owner

    def add(self, fact_type: str, cls: type[Fact]) -> None:
        if fact_type in self.classes:
            raise Undeclarable(f"{fact_type} is declared twice, now by {cls.__module__}.{cls.__qualname__}")
        self.classes[fact_type] = cls


CONTRACTS: Final = Registry()
_DECLARATIONS: Final[dict[type[Fact], Declaration]] = {}
_NAME: Final = re.compile(r"[a-z][a-z0-9]*")
_CLASS_NAME: Final = re.compile(r"(?:[A-Z][a-z0-9]+)+")


class Owner:
    """The service that alone may say these facts, and the topic it says them on."""

    def __init__(self, name: str, registry: Registry = CONTRACTS) -> None:
        if not _NAME.fullmatch(name):
            raise Undeclarable(f"owner {name!r}: one lower-case word")
        self.name = name
        self.topic = f"score.{name}"
        self.source = f"/score/{name}"
        self.registry = registry
        registry.claim(self)

    def __repr__(self) -> str:
        return f"Owner({self.name!r})"

    def fact(self, *, key: str, version: int = 1) -> Callable[[type[F]], type[F]]:
        """Declare a fact. `key` is the field with the id of the aggregate that it is about."""

        def declare(cls: type[F]) -> type[F]:
            if not issubclass(cls, Fact) or not _CLASS_NAME.fullmatch(cls.__name__):
                raise Undeclarable(f"{cls.__qualname__}: a fact derives from Fact and is named in CamelCase")
            made = dataclass(frozen=True, slots=True, kw_only=True)(cls)
            shape = describe(made)
            refuse_personal(shape)
            if not any(f.name == key and f.shape == Scalar("uuid") and f.required for f in shape.fields):
                raise Undeclarable(f"{cls.__qualname__}: the key {key!r} is no required UUID field of it")
            snake = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()
            declaration = Declaration(f"id.score.{self.name}.{snake}.v{version}", self, key, version)
            self.registry.add(declaration.type, made)
            _DECLARATIONS[made] = declaration
            return made

        return declare


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(dataclasses.field,))
def value(cls: type[T]) -> type[T]:
    """Declare a part of facts: a frozen dataclass without identity."""
    made = dataclass(frozen=True, slots=True, kw_only=True)(cls)
    admit_value(made)
    return made


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(dataclasses.field,))
def outline(cls: type[F]) -> type[F]:
    """Declare fields that several facts have in common. An outline is no fact: it has no type and travels nowhere."""
    return dataclass(frozen=True, slots=True, kw_only=True)(cls)


def declaration_of(cls: type[Fact]) -> Declaration:
    try:
        return _DECLARATIONS[cls]
    except KeyError:
        raise Undeclarable(f"{cls.__qualname__} is not declared by an owner") from None


def fact_type(cls: type[Fact]) -> str:
    return declaration_of(cls).type


def owner_of(cls: type[Fact]) -> Owner:
    return declaration_of(cls).owner


def topic_of(cls: type[Fact]) -> str:
    return declaration_of(cls).owner.topic


def key_of(fact: Fact) -> UUID:
    key: Any = getattr(fact, declaration_of(type(fact)).key)
    if not isinstance(key, UUID):
        raise TypeError(f"{type(fact).__name__}: the key is not a UUID")
    return key
