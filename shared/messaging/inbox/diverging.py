"""Tells two events at one place of a key's history apart, until their owner has said which one is true.

Nobody can see it from the records: a forged one may have come first, and an owner that was restored from a backup says
other things than it did. So the second one is put aside, nothing more of the key is applied, and the owner is asked for the
key's history under a fresh id. Whatever comes in answer to that is the truth at its place. What had its place before is
listed for a person, since what it caused stays: a letter that was sent stays sent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from shared.contracts.wire.shape import Undecodable
from shared.kernel import ids
from shared.messaging.cursors import Cursor, fingerprint
from shared.messaging.errors import HistoryConflict
from shared.messaging.inbox.decoding import Sequenced, UnreadableEvent
from shared.messaging.inbox.parked import failed_record
from shared.messaging.ports import Inbox, Incoming, Parked
from shared.messaging.seals import requests_answered


def is_answer(record: Incoming, cursor: Cursor) -> bool:
    """Say whether the owner sent a record in answer to what this cursor had it asked."""
    if cursor.doubt is None:
        return False
    try:
        return cursor.doubt in requests_answered(record.topic, record.key, record.value, record.headers)
    except Undecodable:
        return False


def is_applied(decoded: Sequenced, cursor: Cursor) -> bool:
    """Say whether this event has been applied at its place, as far as that is still known."""
    known = cursor.print_at(decoded.envelope.sequence)
    return known is None or known == fingerprint(decoded.envelope.id, decoded.envelope.digest())


def is_same(parked: Parked, decoded: Sequenced) -> bool:
    """Say whether a record is a copy of a parked one."""
    envelope = decoded.envelope
    return (parked.event_id, parked.event_type) == (envelope.id, envelope.type) and (
        decoded.record.value == parked.record.value
    )


class Divergence:
    def __init__(self, inbox: Inbox, now: Callable[[], datetime]) -> None:
        self._inbox, self._now = inbox, now

    def put_aside(self, decoded: Sequenced, cursor: Cursor) -> Literal["duplicate"] | UnreadableEvent:
        """Put aside what is another event than the one at its place, and doubt its key, unless it is a copy of one that was.

        Anybody can write as many as they like: they open no breaker.
        """
        envelope = decoded.envelope
        conflict = HistoryConflict(
            f"sequence {envelope.sequence} of {envelope.key} is another event too; its owner is asked which one is true"
        )
        record = failed_record(decoded.record, envelope, conflict, self._now(), 0.0)
        if not self._inbox.park(replace(record, aside=True)):
            return "duplicate"
        cursor.doubt = cursor.doubt or ids.new()
        cursor.doubted = min(cursor.doubted or envelope.sequence, envelope.sequence)
        return UnreadableEvent(decoded.record, conflict, envelope, is_garbage=True)

    def displace(self, parked: Parked, true_id: UUID, cursor: Cursor) -> None:
        """Take what is not its owner's out of the queue of its key."""
        self._inbox.release(parked)
        cursor.parked -= 1
        what = "was applied before its turn" if parked.applied else "was not applied"
        self._inbox.park(replace(_forged(parked, true_id, what), aside=True))

    def settle(self, decoded: Sequenced, cursor: Cursor, displaced: UUID | None = None) -> bool:
        """Note what the owner has said of a place, and what was `displaced` there; say whether that moves the doubt."""
        envelope = decoded.envelope
        for parked in self._inbox.beside(cursor.topic, cursor.key, envelope.sequence):
            if is_same(parked, decoded):
                self._inbox.release(parked)
            elif parked.failure != "forged":
                self._inbox.postpone(_forged(parked, envelope.id, "was not applied"))
        if displaced is not None:
            self._inbox.park(self._applied_record(decoded, displaced))
        return self.has_moved(cursor)

    def has_another(self, parked: Parked, cursor: Cursor) -> bool:
        """Say whether another event may yet turn out to be the one at the place of this one."""
        if parked.key is None or not cursor.is_doubted(parked.sequence):
            return False
        return any(one.failure != "forged" for one in self._inbox.beside(cursor.topic, cursor.key, parked.sequence))

    def has_moved(self, cursor: Cursor) -> bool:
        """Find where the next doubt of a key is, and end it where there is none; say whether anything has changed."""
        before = cursor.doubted
        aside = self._inbox.beside(cursor.topic, cursor.key)
        cursor.doubted = min((parked.sequence for parked in aside if parked.failure != "forged"), default=0)
        cursor.doubt = cursor.doubt if cursor.doubted else None
        return cursor.doubted != before

    def _applied_record(self, decoded: Sequenced, displaced: UUID) -> Parked:
        """Make the row of what was applied and is not the owner's; nothing but its id is known any more."""
        envelope, record = decoded.envelope, decoded.record
        unknown = Incoming(record.topic, record.partition, -1, record.key, [("ce_id", str(displaced).encode())], None)
        parked = Parked(
            unknown, envelope.key, envelope.sequence, "failed", "", self._now(), displaced, tries=1, aside=True
        )
        return _forged(parked, envelope.id, "was applied, and what followed from it stands")


def _forged(parked: Parked, true_id: UUID, what: str) -> Parked:
    return replace(
        parked,
        reason="failed",
        failure="forged",
        detail=f"event {parked.event_id} is not its owner's, whose event {true_id} stands here: it {what}",
        waiting_for="",
        next_try_at=None,
    )
