"""Applies, passes or parks decoded records, each by one comparison with the cursor of its key.

Next in turn is applied, lower is a duplicate, higher waits for what is missing. What cannot be read is parked in the same
transaction as its neighbours are applied in, and its key queues behind it. Everything here is part of a transaction that
`delivery` begins; what raises rolls all of it back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from shared.contracts.envelope import Envelope
from shared.kernel import failpoints
from shared.messaging.errors import OutOfOrder
from shared.messaging.inbox.decoding import (
    Decoded,
    DecodedEvent,
    DecodedParty,
    Sequenced,
    Unreadable,
    UnreadableEvent,
    envelope_of,
    refuse_divergence,
)
from shared.messaging.inbox.parked import failed_record, parked_record
from shared.messaging.inbox.policy import DeliveryContext, DeliveryPolicy, Result
from shared.messaging.ports import Cursor, Heard, Inbox, Parked, waiting_key
from shared.messaging.subscriptions import ConsumerGroup

Cursors = dict[tuple[str, UUID], Cursor]


@dataclass(slots=True)
class Batch:
    """Says what became of records, in their order, and how many have failed in a row; it ends before `stopped_by`, which is
    one failure too many."""

    failed_in_a_row: int
    outcomes: list[Result | Unreadable] = field(default_factory=list)
    stopped_by: Unreadable | None = None


class Applier:
    """Applies decoded records for one consumer group. `retry_requested`: something parked may be due now."""

    def __init__(self, group: ConsumerGroup, inbox: Inbox, policy: DeliveryPolicy, context: DeliveryContext) -> None:
        self._group, self._inbox, self._policy, self._context = group, inbox, policy, context
        self.retry_requested = False

    def apply_batch(self, records: Sequence[Decoded], failed_in_a_row: int) -> Batch:
        """Apply records in order, until one more that cannot be read would open the breaker."""
        cursors = self._inbox.cursors([_place_of(decoded) for decoded in records if isinstance(decoded, Sequenced)])
        before = {pair: (cursor.sequence, cursor.parked) for pair, cursor in cursors.items()}
        self._anticipate(records, cursors)
        batch = Batch(failed_in_a_row)
        for decoded in records:
            outcome = self._apply(decoded, cursors)
            if isinstance(outcome, Unreadable):
                batch.failed_in_a_row += not outcome.is_garbage
                if batch.failed_in_a_row >= self._policy.breaker and not outcome.is_garbage:
                    batch.stopped_by = outcome
                    break
                self._park_failed(outcome, outcome.error, cursors)
            elif outcome == "applied":
                batch.failed_in_a_row = 0
            batch.outcomes.append(outcome)
        self._inbox.save([c for pair, c in cursors.items() if (c.sequence, c.parked) != before[pair]])
        return batch

    def apply_parked(self, parked: Parked, decoded: Decoded) -> bool:
        """Apply a parked record if its turn has come; raises why it still cannot be read."""
        if isinstance(decoded, DecodedParty):
            self._receive_party(decoded)
            self._inbox.release(parked)
            return True
        if not isinstance(decoded, Sequenced):
            raise decoded.error
        envelope, place = decoded.envelope, _place_of(decoded)
        cursor = self._inbox.cursors([place])[place]
        if envelope.sequence > cursor.sequence + 1:
            return False
        self._inbox.release(parked)
        if envelope.sequence == cursor.sequence + 1:
            if parked.key is not None:  # garbage that can be read by now was never counted
                cursor.parked -= 1
            if not parked.applied:
                self._react(decoded)
            self._move_on(envelope, cursor)
            self._inbox.save([cursor])
        return True

    def can_read_now(self, parked: Parked) -> bool:
        """Say whether it was parked for its version, which this release reads."""
        return parked.failure == "newer-version" and not self._group.is_unknown_version(parked.event_type)

    def skip_parked(self, parked: Parked, why: str) -> None:
        """Discard a parked record and let its key go on. Raises `OutOfOrder`."""
        now = self._context.now()
        if parked.key is None or parked.record.topic in self._group.party_handlers:
            self._inbox.discard(parked, why, now)
            return
        place = parked.record.topic, parked.key
        cursor = self._inbox.cursors([place])[place]
        if parked.sequence > cursor.sequence + 1:
            raise OutOfOrder(f"sequence {parked.sequence} of {parked.key} waits for {cursor.sequence + 1}")
        self._inbox.discard(parked, why, now)
        if parked.sequence == cursor.sequence + 1:
            cursor.parked -= 1
            cursor.advance(envelope_of(parked.record))
            self._call_next(cursor)
            self._inbox.save([cursor])

    def park(self, decoded: Decoded, error: Exception) -> None:
        """Park the one record that this error kept from being applied."""
        cursors = self._inbox.cursors([_place_of(decoded)] if isinstance(decoded, Sequenced) else [])
        self._park_failed(decoded, error, cursors)
        self._inbox.save(list(cursors.values()))

    def _anticipate(self, records: Sequence[Decoded], cursors: Cursors) -> None:
        """Let the group read at once what its handlers are about to need."""
        prefetching = self._group.prefetching
        if prefetching is None:
            return
        coming = [
            (decoded.event, decoded.envelope)
            for decoded in records
            if isinstance(decoded, DecodedEvent)
            and decoded.event is not None
            and decoded.envelope.sequence > cursors[_place_of(decoded)].sequence
        ]
        if len(coming) > 1:
            self._context.within(None, lambda: prefetching(coming))

    def _apply(self, decoded: Decoded, cursors: Cursors) -> Result | Unreadable:
        """Apply a record; one that cannot be read is handed back, to be parked."""
        if isinstance(decoded, Sequenced):
            return self._apply_in_turn(decoded, cursors[_place_of(decoded)])
        return self._receive_party(decoded) if isinstance(decoded, DecodedParty) else decoded

    def _apply_in_turn(self, decoded: Sequenced, cursor: Cursor) -> Result | Unreadable:
        envelope = decoded.envelope
        if envelope.sequence <= cursor.sequence:
            refuse_divergence(envelope, cursor)
            return "duplicate"
        if envelope.sequence > cursor.sequence + 1:
            return self._queue(decoded, cursor)
        if cursor.parked and self._inbox.parked_at(cursor.topic, cursor.key, envelope.sequence):
            return "duplicate"
        if isinstance(decoded, UnreadableEvent):
            return decoded
        result = self._react(decoded)
        self._move_on(envelope, cursor)
        return result

    def _queue(self, decoded: Sequenced, cursor: Cursor) -> Result | Unreadable:
        """Park what came before its turn. An erasure waits for nobody: it is applied now, and only counted in its turn."""
        envelope, expected = decoded.envelope, cursor.sequence + 1
        queued = parked_record(decoded.record, envelope, "gap", f"expected {expected}", self._context.now())
        queued.applied = self._group.is_urgent(envelope.type)
        if queued.applied and isinstance(decoded, UnreadableEvent):
            is_parked = self._inbox.parked_at(cursor.topic, cursor.key, envelope.sequence)
            return "parked" if is_parked else decoded
        if self._park(queued, cursor) and queued.applied:
            self._react(decoded)
        return "parked"

    def _react(self, decoded: Sequenced) -> Result:
        """Run the handler to an event that the group acts on; raises why an event cannot be read."""
        if isinstance(decoded, UnreadableEvent):
            raise decoded.error
        event, envelope = decoded.event, decoded.envelope
        if event is None:
            return "ignored"
        failpoints.hit("cons.in_txn", lambda: f"{self._group.group} {envelope.type} {envelope.key}")
        self._context.within(envelope, lambda: self._group.react(event, envelope))
        failpoints.hit("cons.mid_batch", self._group.group)
        return "applied"

    def _move_on(self, envelope: Envelope, cursor: Cursor) -> None:
        """Move the cursor behind an event, and call what waited for that."""
        now = self._context.now()
        cursor.advance(envelope)
        self._call_next(cursor)
        for parked in self._inbox.due(now, woken_by=waiting_key(envelope.type, envelope.key)):
            self.retry_requested = True
            self._inbox.postpone(replace(parked, next_try_at=now))

    def _call_next(self, cursor: Cursor) -> None:
        """Make what queued behind the record just applied due now, each in a transaction of its own."""
        if cursor.parked:
            queued = self._inbox.parked_at(cursor.topic, cursor.key, cursor.sequence + 1)
            if queued and queued.reason != "failed":
                self.retry_requested = True
                self._inbox.postpone(replace(queued, reason="waiting", next_try_at=self._context.now()))

    def _receive_party(self, decoded: DecodedParty) -> Result:
        topic = decoded.record.topic
        copied = self._group.copied[topic]
        party = copied.of(decoded.party)
        if party is None:
            return "ignored"
        if not self._inbox.keep_party(party, Heard(topic, decoded.answers, is_written_to=copied.addresses)):
            return "duplicate"
        handler = self._group.party_handlers[topic]
        self._context.within(None, lambda: handler(party))
        return "applied"

    def _park_failed(self, decoded: Decoded, error: Exception, cursors: Cursors) -> None:
        record, now, pause = decoded.record, self._context.now(), self._policy.waiting_first
        if isinstance(decoded, Sequenced):
            parked = failed_record(record, decoded.envelope, error, now, pause)
            self._park(parked, cursors[_place_of(decoded)])
        else:
            self._inbox.park(failed_record(record, None, error, now, pause))
        self._inbox.finish(record)  # nobody died of it

    def _park(self, parked: Parked, cursor: Cursor) -> bool:
        fresh = self._inbox.park(parked)
        if fresh and parked.sequence > cursor.sequence:
            cursor.parked += 1
        return fresh


def _place_of(decoded: Sequenced) -> tuple[str, UUID]:
    """Name the history that a record is a part of."""
    return decoded.record.topic, decoded.envelope.key
