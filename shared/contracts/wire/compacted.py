"""Compacted topics: an owner says how each of its things is now, so that others keep a copy and can show it.

One topic per kind of things and owner, key = the thing's id, the newest version wins, a record without a value erases: its
version stands in the header, as every other's does. A record that is sent again because somebody asked names the requests
that it answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, NamedTuple, TypeAlias
from uuid import UUID

from shared.contracts.wire.codec import decode, encode
from shared.contracts.wire.record import (
    MOST_ANSWERS,
    Attributes,
    Headers,
    Record,
    body_of,
    cloud_headers,
    ordered,
    schema_uri,
)
from shared.contracts.wire.shape import Contract, Undecodable


class Entry(Contract, personal=True):
    """Everything that is said of a thing, in one version. `KEY` names the field with the thing's id.

    Its text may tell of people, so that nothing of it is shown where it is logged.
    """

    TYPE: ClassVar[str]
    KEY: ClassVar[str]

    @property
    def key(self) -> UUID:
        key: UUID = getattr(self, self.KEY)
        return key

    @property
    def kind(self) -> str:
        raise NotImplementedError

    @property
    def version(self) -> int:
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value}' for name, value in self.__rich_repr__())})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [(name, getattr(self, name)) for name in (self.KEY, "kind", "version")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """A thing that is to be forgotten; `version` is above the last one that was published."""

    key: UUID
    version: int


Said: TypeAlias = Entry | Tombstone


@dataclass(frozen=True, slots=True)
class CompactedTopics:
    """A kind of compacted topics: how their names begin, who owns one each, and what travels there, by type."""

    prefix: str
    owners: tuple[str, ...]
    entries: Mapping[str, type[Entry]]

    def of(self, owner: str) -> str:
        """Return an owner's topic."""
        if owner not in self.owners:
            raise ValueError(f"{owner} has no topic {self.prefix}*")
        return f"{self.prefix}{owner}"


class Place(NamedTuple):
    """What a record is about, as its headers say."""

    type: str
    key: UUID
    version: int


def entry_record(
    said: Said,
    type_of: str,
    *,
    owner: str,
    event_id: UUID,
    time: datetime,
    traceparent: str | None = None,
    answers: Sequence[UUID] = (),
) -> Record:
    """Make the record that publishes a version of a thing, or the one that erases it; `answers` are requests for it."""
    body = None if isinstance(said, Tombstone) else encode(said)
    attributes = {
        "id": event_id,
        "type": type_of,
        "source": f"/score/{owner}",
        "dataschema": None if body is None else schema_uri(type_of),
        "time": time,
        "subject": said.key,
        "sequence": ordered(said.version),
        "partitionkey": said.key,
        "answers": ",".join(map(str, answers[-MOST_ANSWERS:])) or None,
    }
    return Record(str(said.key).encode(), cloud_headers(attributes, traceparent), body)


def place_in(topics: CompactedTopics, key: bytes | None, headers: Headers) -> Place:
    """Read what a record is about, and which version of it, whatever its body says; raises `Undecodable`."""
    attributes = Attributes(headers)
    type_of = attributes.word("type")
    if type_of not in topics.entries:
        raise Undecodable(f"nothing that travels on {topics.prefix}*")
    return Place(type_of, attributes.key(key), attributes.sequence())


def said_at(place: Place, value: bytes | None, topics: CompactedTopics) -> Said:
    """Decode what a record holds whose headers say this; raises `Undecodable` for neither an entry nor a tombstone."""
    if value is None:
        return Tombstone(key=place.key, version=place.version)
    entry = decode(topics.entries[place.type], body_of(value))
    if entry.key != place.key or entry.version != place.version:
        raise Undecodable("the body is another thing or version than the headers")
    return entry
