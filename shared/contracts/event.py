"""Events: what happened, in the past tense, owned by exactly one service.

Declaring a class derives its type (`id.score.enrollment.training_delivered.v1`), its topic (`score.enrollment`) and its
wire format. What must never travel is refused on import: personal data, free text, a second class of the same type.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from uuid import UUID

from msgspec.inspect import UUIDType

from shared.contracts.wire.shape import Contract, Undeclarable, fields_of


class Event(Contract):
    """Every event's ancestor. A subclass without `@owner.event` is an outline: it lends its fields and travels nowhere."""


F = TypeVar("F", bound=Event)


@dataclass(frozen=True, slots=True)
class Declaration:
    """What `@owner.event` derived from a class."""

    type: str
    owner: Owner
    key: str
    version: int


class Registry:
    """One class per type, one owner per name. Contracts share one; a test may bring its own."""

    def __init__(self) -> None:
        self.owners: dict[str, Owner] = {}
        self.classes: dict[str, type[Event]] = {}

    def claim(self, owner: Owner) -> None:
        if owner.name in self.owners:
            raise Undeclarable(f"owner {owner.name!r} is declared twice")
        self.owners[owner.name] = owner

    def add(self, type_of: str, cls: type[Event]) -> None:
        if type_of in self.classes:
            raise Undeclarable(f"{type_of} is declared twice, now by {cls.__module__}.{cls.__qualname__}")
        self.classes[type_of] = cls


CONTRACTS: Final = Registry()
_DECLARATIONS: Final[dict[type[Contract], Declaration]] = {}
_NAME: Final = re.compile(r"[a-z][a-z0-9]*")
_CLASS_NAME: Final = re.compile(r"(?:[A-Z][a-z0-9]+)+")


class Owner:
    """The service that alone may say these events, and the topic it says them on."""

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

    def event(self, *, key: str, version: int = 1) -> Callable[[type[F]], type[F]]:
        """Declare an event. `key` is the field with the id of the aggregate that it is about."""

        def declare(cls: type[F]) -> type[F]:
            if not issubclass(cls, Event) or not _CLASS_NAME.fullmatch(cls.__name__):
                raise Undeclarable(f"{cls.__qualname__}: an event derives from Event and is named in CamelCase")
            if not any(f.name == key and f.type == UUIDType() and f.required for f in fields_of(cls)):
                raise Undeclarable(f"{cls.__qualname__}: the key {key!r} is no required UUID field of it")
            snake = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()
            declaration = Declaration(f"id.score.{self.name}.{snake}.v{version}", self, key, version)
            self.registry.add(declaration.type, cls)
            _DECLARATIONS[cls] = declaration
            return cls

        return declare


def declaration_of(cls: type[Contract]) -> Declaration:
    try:
        return _DECLARATIONS[cls]
    except KeyError:
        raise Undeclarable(f"{cls.__qualname__} is not declared by an owner") from None


def type_of(cls: type[Event]) -> str:
    return declaration_of(cls).type


def owner_of(cls: type[Event]) -> Owner:
    return declaration_of(cls).owner


def topic_of(cls: type[Event]) -> str:
    return declaration_of(cls).owner.topic


def key_of(event: Event) -> UUID:
    key: Any = getattr(event, declaration_of(type(event)).key)
    if not isinstance(key, UUID):
        raise TypeError(f"{type(event).__name__}: the key is not a UUID")
    return key
