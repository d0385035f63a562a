"""Applies, passes or parks decoded records, each by one comparison with the cursor of its key.

Next in turn is applied, lower is a duplicate, higher waits for what is missing. What cannot be read is parked in the same
transaction as its neighbours are applied in, and its key queues behind it. Another event at a place that is taken is for
its owner to judge (`diverging`). Everything here is part of a transaction that `delivery` begins; what raises rolls all of
it back.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from uuid import UUID

from shared.contracts.envelope import Envelope
from shared.kernel import failpoints
from shared.messaging.cursors import Cursor
from shared.messaging.errors import HistoryConflict, OutOfOrder
from shared.messaging.inbox.decoding import (
    Decoded,
    DecodedEntry,
    DecodedEvent,
    Sequenced,
    Unreadable,
    UnreadableEvent,
    envelope_of,
    place_of,
)
from shared.messaging.inbox.diverging import Divergence, is_answer, is_applied, is_same
from shared.messaging.inbox.parked import failed_record, parked_record
from shared.messaging.inbox.policy import Batch, DeliveryContext, DeliveryPolicy, Result
from shared.messaging.ports import Heard, Inbox, Parked, waiting_key
from shared.messaging.subscriptions import ConsumerGroup

Cursors = dict[tuple[str, UUID], Cursor]
UNKNOWN = UUID(int=0)  # stands for an event so long ago that its id is not kept


class Applier:
    """Applies decoded records for one consumer group. `retry_requested`: something parked may be due now."""

    def __init__(self, group: ConsumerGroup, inbox: Inbox, policy: DeliveryPolicy, context: DeliveryContext) -> None:
        self._group, self._inbox, self._policy, self._context = group, inbox, policy, context
        self._divergence = Divergence(inbox, context.now)
        self.retry_requested = False

    def apply_batch(self, records: Sequence[Decoded], failed_in_a_row: int) -> Batch:
        """Apply records in order, until one more that cannot be read would open the breaker."""
        cursors = self._inbox.cursors([place_of(decoded) for decoded in records if isinstance(decoded, Sequenced)])
        before = {pair: copy(cursor) for pair, cursor in cursors.items()}
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
        self._inbox.save([cursor for pair, cursor in cursors.items() if cursor != before[pair]])
        return batch

    def apply_parked(self, parked: Parked, decoded: Decoded) -> bool:
        """Apply a parked record if its turn has come; raises why it still cannot be read, or is not to be applied."""
        if parked.failure == "forged":
            raise HistoryConflict(f"{parked.detail}. Discard it when what followed from it is seen to")
        if isinstance(decoded, DecodedEntry):
            self._receive_entry(decoded)
            self._inbox.release(parked)
            return True
        if not isinstance(decoded, Sequenced):
            raise decoded.error
        envelope, place = decoded.envelope, place_of(decoded)
        cursor = self._inbox.cursors([place])[place]
        is_owners = parked.is_owners or is_answer(parked.record, cursor)
        if parked.aside or envelope.sequence <= cursor.sequence:
            self._apply_below(parked, decoded, cursor, is_owners=is_owners)
            return True
        if envelope.sequence > cursor.sequence + 1 or (cursor.is_doubted(envelope.sequence) and not is_owners):
            return False
        self._inbox.release(parked)
        if parked.key is not None:  # garbage that can be read by now was never counted
            cursor.parked -= 1
        if not parked.applied:
            self._react(decoded)
        self._settle(decoded, cursor, is_owners=is_owners)
        self._move_on(envelope, cursor)
        self._inbox.save([cursor])
        return True

    def _apply_below(self, parked: Parked, decoded: Sequenced, cursor: Cursor, *, is_owners: bool) -> None:
        """Release what was applied before; raises for another event than that, unless it is the owner's: it is applied."""
        sequence = decoded.envelope.sequence
        is_known = sequence <= cursor.sequence and is_applied(decoded, cursor)
        if not is_known and (not is_owners or sequence > cursor.sequence):
            raise HistoryConflict(
                f"sequence {sequence} is another event too; its owner is asked again which one is true"
            )
        self._inbox.release(parked)
        if not is_known:
            self._repair(decoded, cursor)
        self._settle(decoded, cursor, is_owners=is_owners)
        self._inbox.save([cursor])

    def can_read_now(self, parked: Parked) -> bool:
        """Say whether it was parked for its version, which this release reads."""
        return parked.failure == "newer-version" and not self._group.is_unknown_version(parked.event_type)

    def skip_parked(self, parked: Parked, why: str) -> None:
        """Discard a parked record and let its key go on. Raises `OutOfOrder`."""
        now = self._context.now()
        if parked.key is None or parked.record.topic in self._group.copy_handlers:
            self._inbox.discard(parked, why, now)
            return
        place = parked.record.topic, parked.key
        cursor = self._inbox.cursors([place])[place]
        is_unknown = parked.reason == "gap" and parked.asks >= self._policy.asks
        if parked.aside or is_unknown:
            self._skip_unknown(parked, cursor, why)
            return
        if self._divergence.has_another(parked, cursor):  # it may be the true one, which would never be parked again
            raise OutOfOrder(f"the owner of {parked.key} is asked which event is its {parked.sequence}")
        if parked.sequence > cursor.sequence + 1:
            raise OutOfOrder(f"sequence {parked.sequence} of {parked.key} waits for {cursor.sequence + 1}")
        self._inbox.discard(parked, why, now)
        if parked.sequence == cursor.sequence + 1:
            cursor.parked -= 1
            cursor.advance(envelope_of(parked.record))
            self._call_next(cursor)
            self._inbox.save([cursor])

    def _skip_unknown(self, parked: Parked, cursor: Cursor, why: str) -> None:
        """Discard what has no place in its key's history: another event has it, or the owner knows of none."""
        self._inbox.discard(parked, why, self._context.now())
        if not parked.aside:
            cursor.parked -= 1
        elif cursor.doubt and self._divergence.has_moved(cursor):
            self._call_next(cursor)
        self._inbox.save([cursor])

    def park(self, decoded: Decoded, error: Exception) -> None:
        """Park the one record that this error kept from being applied."""
        cursors = self._inbox.cursors([place_of(decoded)] if isinstance(decoded, Sequenced) else [])
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
            and decoded.envelope.sequence > cursors[place_of(decoded)].sequence
        ]
        if len(coming) > 1:
            self._context.within(None, lambda: prefetching(coming))

    def _apply(self, decoded: Decoded, cursors: Cursors) -> Result | Unreadable:
        """Apply a record; one that cannot be read is handed back, to be parked."""
        if isinstance(decoded, Sequenced):
            return self._apply_in_turn(decoded, cursors[place_of(decoded)])
        return self._receive_entry(decoded) if isinstance(decoded, DecodedEntry) else decoded

    def _apply_in_turn(self, decoded: Sequenced, cursor: Cursor) -> Result | Unreadable:
        envelope = decoded.envelope
        is_owners = is_answer(decoded.record, cursor)
        if envelope.sequence <= cursor.sequence:
            return self._compare(decoded, cursor, is_owners=is_owners)
        if cursor.parked and (held := self._inbox.parked_at(cursor.topic, cursor.key, envelope.sequence)):
            is_next = envelope.sequence == cursor.sequence + 1
            if not is_same(held, decoded):
                if not is_owners:
                    return self._divergence.put_aside(decoded, cursor)
                self._divergence.displace(held, envelope.id, cursor)
            elif is_owners and is_next and held.reason == "gap":
                self._inbox.release(held)
                cursor.parked -= 1
            else:
                self._settle(decoded, cursor, is_owners=is_owners)
                return "duplicate" if is_next else "parked"
        if envelope.sequence > cursor.sequence + 1 or (cursor.is_doubted(envelope.sequence) and not is_owners):
            return self._queue(decoded, cursor, is_owners=is_owners)
        if isinstance(decoded, UnreadableEvent):
            return decoded
        result = self._react(decoded)
        self._settle(decoded, cursor, is_owners=is_owners)
        self._move_on(envelope, cursor)
        return result

    def _compare(self, decoded: Sequenced, cursor: Cursor, *, is_owners: bool) -> Result | Unreadable:
        """Pass what was applied before; put another event aside, unless it is the owner's: it is applied in that one's place."""
        if is_applied(decoded, cursor):
            self._settle(decoded, cursor, is_owners=is_owners)
            return "duplicate"
        if not is_owners:
            return self._divergence.put_aside(decoded, cursor)
        return decoded if isinstance(decoded, UnreadableEvent) else self._repair(decoded, cursor)

    def _repair(self, decoded: Sequenced, cursor: Cursor) -> Result:
        """Apply the owner's event where another one was applied."""
        displaced = cursor.id_at(decoded.envelope.sequence)
        result = self._react(decoded)
        cursor.replace_at(decoded.envelope)
        self._settle(decoded, cursor, is_owners=True, displaced=displaced or UNKNOWN)
        return result

    def _settle(self, decoded: Sequenced, cursor: Cursor, *, is_owners: bool, displaced: UUID | None = None) -> None:
        if is_owners and self._divergence.settle(decoded, cursor, displaced):
            self._call_next(cursor)

    def _queue(self, decoded: Sequenced, cursor: Cursor, *, is_owners: bool) -> Result | Unreadable:
        """Park what came before its turn. An erasure waits for nobody: it is applied now, and only counted in its turn."""
        envelope, expected = decoded.envelope, cursor.sequence + 1
        is_next = envelope.sequence == expected
        what = f"its owner is asked about {cursor.doubted}" if is_next else f"expected {expected}"
        queued = parked_record(decoded.record, envelope, "gap", what, self._context.now())
        queued.applied, queued.is_owners = self._group.is_urgent(envelope.type), is_owners
        if queued.applied and isinstance(decoded, UnreadableEvent):
            is_parked = self._inbox.parked_at(cursor.topic, cursor.key, envelope.sequence)
            return "parked" if is_parked else decoded
        if self._park(queued, cursor) and queued.applied:
            self._react(decoded)
        self._settle(decoded, cursor, is_owners=is_owners)
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
            if queued and cursor.is_doubted(queued.sequence) and not queued.is_owners:
                self._inbox.ask_anew(queued)
            elif queued and queued.reason != "failed":
                self.retry_requested = True
                self._inbox.postpone(replace(queued, reason="waiting", next_try_at=self._context.now()))

    def _receive_entry(self, decoded: DecodedEntry) -> Result:
        topic = decoded.record.topic
        copied = self._group.copied[topic]
        said = copied.of(decoded.said)
        if said is None:
            return "ignored"
        if not self._inbox.keep_copy(said, Heard(topic, decoded.answers, is_written_to=copied.addresses)):
            return "duplicate"
        handler = self._group.copy_handlers[topic]
        self._context.within(None, lambda: handler(said))
        return "applied"

    def _park_failed(self, decoded: Decoded, error: Exception, cursors: Cursors) -> None:
        record, now, pause = decoded.record, self._context.now(), self._policy.waiting_first
        if isinstance(decoded, Sequenced):
            cursor = cursors[place_of(decoded)]
            parked = failed_record(record, decoded.envelope, error, now, pause)
            parked.is_owners = is_answer(record, cursor)
            parked.aside = isinstance(error, HistoryConflict) or parked.sequence <= cursor.sequence
            if parked.is_owners and not parked.aside:
                held = self._inbox.parked_at(cursor.topic, cursor.key, parked.sequence)
                if held and not is_same(held, decoded):
                    self._divergence.displace(held, decoded.envelope.id, cursor)
            if not self._park(parked, cursor) and parked.is_owners:
                self._inbox.postpone(parked)
        else:
            self._inbox.park(failed_record(record, None, error, now, pause))
        self._inbox.finish(record)  # nobody died of it

    def _park(self, parked: Parked, cursor: Cursor) -> bool:
        fresh = self._inbox.park(parked)
        if fresh and not parked.aside:
            cursor.parked += 1
        return fresh
