"""What a record says of itself, before anything is done with it, and whether it contradicts what is known of its key."""

from __future__ import annotations

from shared.contracts.envelope import Envelope
from shared.contracts.parties import Party, Tombstone, party_from_record, party_version
from shared.contracts.wire.shape import Undecodable
from shared.messaging.bookmarks import header_of
from shared.messaging.errors import HistoryConflict, NotDecoded
from shared.messaging.ports import UNREAD_HEADER, Cursor, Incoming


def is_unread(record: Incoming) -> bool:
    return record.key is None and bool(header_of(record, UNREAD_HEADER))


def envelope_of(record: Incoming) -> Envelope:
    """Raises `Undecodable` for garbage."""
    _refuse_unread(record)
    return Envelope.from_record(record.key, record.headers, record.value)


def party_of(record: Incoming) -> Party | Tombstone:
    """Raises `Undecodable` for anything that is no party and no tombstone."""
    _refuse_unread(record)
    return party_from_record(record.key, record.headers, record.value)


def _refuse_unread(record: Incoming) -> None:
    if is_unread(record):
        raise NotDecoded(f"the broker's client could not take it apart ({header_of(record, UNREAD_HEADER)})")


def readable(record: Incoming) -> Envelope | None:
    """The envelope, whatever the body says; None for garbage, which has no place in any key's history."""
    try:
        return envelope_of(record)
    except Undecodable:
        return None


def is_garbage(record: Incoming, *, of_party: bool) -> bool:
    """Whether the record does not even say what it is about: any stranger can write as many of those as they like."""
    if not of_party:
        return readable(record) is None
    try:
        party_version(record.key, record.headers)
    except Undecodable:
        return True
    return False


def refuse_divergence(envelope: Envelope, cursor: Cursor) -> None:
    """Raise `HistoryConflict` when a remembered place of the key's history held another event than this one."""
    place = len(cursor.recent) - 1 - (cursor.sequence - envelope.sequence)
    if place < 0:
        return
    event_id, digest = cursor.recent[place]
    if event_id != envelope.id or digest != envelope.digest():
        raise HistoryConflict(f"sequence {envelope.sequence} of {envelope.key} was event {event_id}, now {envelope.id}")
