"""Turns a polled record into an event, a copy to be kept, or an unreadable record: once, before any transaction of its delivery.

Nothing behind this parses a record again, however often its batch is tried. What cannot be read is a value with its reason,
no error that is raised: it rolls nothing back, and is parked where the records around it are applied.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from shared.contracts.catalogue import kind_of_topic
from shared.contracts.envelope import Envelope
from shared.contracts.event import Event
from shared.contracts.wire.compacted import CompactedTopics, Said, place_in, said_at
from shared.contracts.wire.shape import Undecodable
from shared.messaging.bookmarks import header_of
from shared.messaging.errors import NewerVersion, NotDecoded
from shared.messaging.ports import UNREAD_HEADER, Incoming
from shared.messaging.seals import requests_answered
from shared.messaging.subscriptions import ConsumerGroup

D = TypeVar("D")


@dataclass(frozen=True, slots=True)
class DecodedEvent:
    """Holds an event in its envelope; `event` is None where the group only moves its cursor past it: no body is read then."""

    record: Incoming
    envelope: Envelope
    event: Event | None


@dataclass(frozen=True, slots=True)
class DecodedEntry:
    """Holds a version of a thing, or its erasure, and which requests its owner answered with it."""

    record: Incoming
    said: Said
    answers: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Holds a record that this release cannot read, and why; it has no place in any key's history, and blocks nobody.

    `is_garbage`: it does not even say what it is about. Any stranger can write as many of those as they like.
    """

    record: Incoming
    error: Exception
    is_garbage: bool = field(default=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class UnreadableEvent(Unreadable):
    """Holds an event whose envelope can be read, and its content cannot: what follows it in its key's history waits."""

    envelope: Envelope


Sequenced = DecodedEvent | UnreadableEvent
Decoded = Sequenced | DecodedEntry | Unreadable


def decode(record: Incoming, group: ConsumerGroup, started_at: datetime) -> Decoded:
    """Decode a record as far as the group, first started at that moment, acts on it."""
    kind = kind_of_topic(record.topic)
    return _decode_event(record, group, started_at) if kind is None else _decode_entry(record, kind)


def place_of(decoded: Sequenced) -> tuple[str, UUID]:
    """Name the history that a record is a part of."""
    return decoded.record.topic, decoded.envelope.key


def _decode_event(record: Incoming, group: ConsumerGroup, started_at: datetime) -> Sequenced | Unreadable:
    try:
        envelope = envelope_of(record)
    except Undecodable as error:
        return Unreadable(record, error, is_garbage=True)
    if group.is_unknown_version(envelope.type):
        newer = NewerVersion(f"{envelope.type} is newer than what this release reads")
        return UnreadableEvent(record, newer, envelope)
    if not group.applies(envelope, started_at):
        return DecodedEvent(record, envelope, None)
    return _content_of(record, envelope, lambda: DecodedEvent(record, envelope, envelope.event()))


def _decode_entry(record: Incoming, kind: CompactedTopics) -> DecodedEntry | Unreadable:
    try:
        _refuse_unread(record)
        place = place_in(kind, record.key, record.headers)
        answers = requests_answered(record.topic, record.key, record.value, record.headers)
    except Undecodable as error:
        return Unreadable(record, error, is_garbage=True)
    return _content_of(record, None, lambda: DecodedEntry(record, said_at(place, record.value, kind), answers))


def _content_of(record: Incoming, envelope: Envelope | None, read: Callable[[], D]) -> D | Unreadable:
    """Read what a record says, or say why that fails. Whatever strange bytes make of a decoder, they stop no group."""
    try:
        return read()
    except Exception as error:  # noqa: BLE001 - it is recorded as the reason of parking
        return Unreadable(record, error) if envelope is None else UnreadableEvent(record, error, envelope)


def is_unread(record: Incoming) -> bool:
    return record.key is None and bool(header_of(record, UNREAD_HEADER))


def envelope_of(record: Incoming) -> Envelope:
    """Decode the envelope alone; raises `Undecodable` for garbage."""
    _refuse_unread(record)
    return Envelope.from_record(record.key, record.headers, record.value)


def _refuse_unread(record: Incoming) -> None:
    if is_unread(record):
        raise NotDecoded(f"the broker's client could not take it apart ({header_of(record, UNREAD_HEADER)})")


def readable(record: Incoming) -> Envelope | None:
    """Return the envelope, whatever the body says; None for garbage, which has no place in any key's history."""
    try:
        return envelope_of(record)
    except Undecodable:
        return None
