"""The whole guarantee of a consumer: a record is applied, a duplicate, knowingly ignored, or parked.

A batch shares one transaction with its cursors. When a record of it fails, or the store reports conflict after conflict,
the batch is rolled back and its halves are tried by themselves, down to the record that fails: that one is tried a few
times, then parked with its reason, and the rest goes on. What is known of a record is one comparison with the cursor of
its key: next, lower or higher. Of the first records of a newly assigned partition those that the group reacts to go one by
one too, each noted before it is tried: one that kills its process is there again, and is parked when it keeps doing so.
What the group only passes runs no code of a service and is not read, and kills nobody. The store being away is never a
reason to park: that error goes up, and the group waits. When many fail in a row the breaker opens; it closes when one is
applied, and until then each session of the group tries one record only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import TypeVar
from uuid import UUID

from shared.contracts.envelope import Envelope
from shared.contracts.wire.shape import Undecodable
from shared.kernel import failpoints
from shared.kernel.backoff import pauses
from shared.messaging.errors import BreakerOpen, HistoryConflict, NewerVersion, OutOfOrder, PoisonRecord, WaitFor
from shared.messaging.inbox.decoding import envelope_of, is_garbage, party_of, readable, refuse_divergence
from shared.messaging.inbox.parked import parked_record, undecodable_record
from shared.messaging.inbox.policy import DeliveryContext, DeliveryPolicy, Observer, Result
from shared.messaging.ports import Cursor, Inbox, Incoming, Parked, waiting_key
from shared.messaging.subscriptions import ConsumerGroup

T = TypeVar("T")
Cursors = dict[tuple[str, UUID], Cursor]

PERMANENT = (WaitFor, Undecodable, NewerVersion, HistoryConflict)


class Delivery:
    """Delivers records to one consumer group, exactly one effect each. `retry_requested`: something parked may be due now."""

    def __init__(  # noqa: PLR0917 - each is another port
        self,
        group: ConsumerGroup,
        inbox: Inbox,
        policy: DeliveryPolicy,
        observer: Observer,
        around: DeliveryContext,
        started_at: datetime,
    ) -> None:
        self.inbox, self.policy, self.now, self.is_away = inbox, policy, around.now, around.is_away
        self._group, self._observer, self._around, self._started_at = group, observer, around, started_at
        self._fresh: set[tuple[str, int]] = set()
        self.retry_requested, self._failed_in_a_row = False, 0

    def assigned(self, partitions: Iterable[tuple[str, int]]) -> None:
        self._fresh.update(partitions)

    def deliver(self, records: Sequence[Incoming]) -> list[Result]:
        """Handle records in order; raises only `BreakerOpen` and the store's absence."""
        places = {(record.topic, record.partition) for record in records}
        failing = self._failed_in_a_row >= self.policy.breaker
        if not failing and not places & self._fresh:
            return self._deliver_in_parts(records)
        results: list[Result] = []
        for alone, run in groupby(records, lambda record: failing or self._group.is_concerned_by(record)):
            some = list(run)
            results += map(self._deliver_alone, some) if alone else self._deliver_in_parts(some)
        self._fresh -= places
        return results

    def apply_parked(self, parked: Parked) -> bool:
        """Apply a parked record if its turn has come; part of a transaction."""
        if parked.record.topic in self._group.party_handlers:
            self._receive_party(parked.record)
            self.inbox.release(parked)
            return True
        envelope = envelope_of(parked.record)
        cursors = self.inbox.cursors([(parked.record.topic, envelope.key)])
        cursor = cursors[parked.record.topic, envelope.key]
        if envelope.sequence > cursor.sequence + 1:
            return False
        self.inbox.release(parked)
        if envelope.sequence == cursor.sequence + 1:
            cursor.parked -= 1
            self._advance(parked.record.topic, envelope, cursor, react=not parked.applied)
            self.inbox.save([cursor])
        return True

    def can_read_now(self, parked: Parked) -> bool:
        """Whether it was parked for its version, which this release reads."""
        return parked.detail.startswith(NewerVersion.__name__) and not self._group.is_unknown_version(parked.event_type)

    def skip_parked(self, parked: Parked, why: str) -> None:
        """Discard a parked record and let its key go on; part of a transaction. Raises `OutOfOrder`."""
        if parked.key is None or parked.record.topic in self._group.party_handlers:
            self.inbox.discard(parked, why, self.now())
            return
        cursor = self.inbox.cursors([(parked.record.topic, parked.key)])[parked.record.topic, parked.key]
        if parked.sequence > cursor.sequence + 1:
            raise OutOfOrder(f"sequence {parked.sequence} of {parked.key} waits for {cursor.sequence + 1}")
        self.inbox.discard(parked, why, self.now())
        if parked.sequence == cursor.sequence + 1:
            cursor.parked -= 1
            cursor.advance(envelope_of(parked.record))
            self._call_next(parked.record.topic, cursor)
            self.inbox.save([cursor])

    def _deliver_in_parts(self, records: Sequence[Incoming]) -> list[Result]:
        results = self._deliver_together(records)
        if results is not None:
            return results
        if len(records) == 1:
            return [self._deliver_alone(records[0])]
        half = len(records) // 2
        return [result for part in (records[:half], records[half:]) for result in self._deliver_part(part)]

    def _deliver_part(self, records: Sequence[Incoming]) -> list[Result]:
        return self._deliver_in_parts(records) if len(records) > 1 else [self._deliver_alone(records[0])]

    def _deliver_together(self, records: Sequence[Incoming]) -> list[Result] | None:
        """The results, or None when a record failed and nothing was done."""
        try:
            results = self.inbox.transaction(lambda: self._apply_batch(records))
        except Exception as error:  # the batch is rolled back, and halved
            if self.is_away(error):
                raise
            return None
        if "applied" in results:
            self._failed_in_a_row = 0
        for record, result in zip(records, results, strict=True):
            self._observer.handled(record, result)
        return results

    def _apply_batch(self, records: Sequence[Incoming]) -> list[Result]:
        parties = self._group.party_handlers
        envelopes = [None if record.topic in parties else envelope_of(record) for record in records]
        cursors = self.inbox.cursors([(r.topic, e.key) for r, e in zip(records, envelopes, strict=True) if e])
        before = {pair: (cursor.sequence, cursor.parked) for pair, cursor in cursors.items()}
        self._anticipate([e for r, e in zip(records, envelopes, strict=True) if e and self._is_new(r, e, cursors)])
        results = [
            self._apply(record, envelope, cursors) if envelope else self._receive_party(record)
            for record, envelope in zip(records, envelopes, strict=True)
        ]
        self.inbox.save([c for pair, c in cursors.items() if (c.sequence, c.parked) != before[pair]])
        return results

    def _is_new(self, record: Incoming, envelope: Envelope, cursors: Cursors) -> bool:
        beyond = envelope.sequence > cursors[record.topic, envelope.key].sequence
        return beyond and self._group.applies(envelope, self._started_at)

    def _anticipate(self, coming: Sequence[Envelope]) -> None:
        prefetching = self._group.prefetching
        if prefetching is not None and len(coming) > 1:
            self._around.within(None, lambda: prefetching(coming))

    def _apply(self, record: Incoming, envelope: Envelope, cursors: Cursors) -> Result:
        cursor = cursors[record.topic, envelope.key]
        if envelope.sequence <= cursor.sequence:
            refuse_divergence(envelope, cursor)
            return "duplicate"
        if envelope.sequence > cursor.sequence + 1:
            self._queue(record, envelope, cursor)
            return "parked"
        if cursor.parked and self.inbox.parked_at(record.topic, envelope.key, envelope.sequence):
            return "duplicate"
        return self._advance(record.topic, envelope, cursor)

    def _queue(self, record: Incoming, envelope: Envelope, cursor: Cursor) -> None:
        """Park what came before its turn. An erasure waits for nobody: it is applied now, and only counted in its turn."""
        queued = parked_record(record, envelope, "gap", f"expected {cursor.sequence + 1}", self.now())
        queued.applied = self._group.is_urgent(envelope.type)
        if self._park(queued, cursor) and queued.applied:
            self._react(envelope)

    def _advance(self, topic: str, envelope: Envelope, cursor: Cursor, *, react: bool = True) -> Result:
        result = self._react(envelope) if react else "applied"
        cursor.advance(envelope)
        self._call_next(topic, cursor)
        for parked in self.inbox.due(self.now(), woken_by=waiting_key(envelope.type, envelope.key)):
            self.retry_requested = True
            self.inbox.postpone(replace(parked, next_try_at=self.now()))
        return result

    def _react(self, envelope: Envelope) -> Result:
        if self._group.is_unknown_version(envelope.type):
            raise NewerVersion(f"{envelope.type} is newer than what this release reads")
        if not self._group.applies(envelope, self._started_at):
            return "ignored"
        failpoints.hit("cons.in_txn", lambda: f"{self._group.group} {envelope.type} {envelope.key}")
        self._around.within(envelope, lambda: self._group.react(envelope))
        failpoints.hit("cons.mid_batch", self._group.group)
        return "applied"

    def _call_next(self, topic: str, cursor: Cursor) -> None:
        """What queued behind the record just applied is due now, each in a transaction of its own."""
        if cursor.parked:
            queued = self.inbox.parked_at(topic, cursor.key, cursor.sequence + 1)
            if queued and queued.reason != "failed":
                self.retry_requested = True
                self.inbox.postpone(replace(queued, reason="waiting", next_try_at=self.now()))

    def _receive_party(self, record: Incoming) -> Result:
        party = party_of(record)
        if not self.inbox.keep_party(party):
            return "duplicate"
        self._around.within(None, lambda: self._group.party_handlers[record.topic](party))
        return "applied"

    def _deliver_alone(self, record: Incoming) -> Result:
        try:
            result = self.attempt(record, lambda: self._apply_batch([record])[0])
        except Exception as error:  # a handler may raise anything; it is recorded as the reason of parking
            if self.is_away(error):
                raise
            result = self._give_up(record, error)
        if result == "applied":
            self._failed_in_a_row = 0
        self._observer.handled(record, result)
        return result

    def attempt(self, record: Incoming, work: Callable[[], T]) -> T:
        """Do `work` on a record in a transaction, a few times when it fails; raises what it failed with."""
        if self.inbox.begin(record) > self.policy.attempts:
            raise PoisonRecord(f"{self.policy.attempts} processes died while this record was applied")
        waits = pauses(self.policy.first_pause, self.policy.first_pause * 2**self.policy.attempts)
        for tries in range(1, self.policy.attempts + 1):
            try:
                return self.inbox.transaction(lambda: self._finishing(record, work))
            except PERMANENT:
                raise
            except Exception as error:
                if self.is_away(error) or tries == self.policy.attempts:
                    raise
                self._around.sleep(next(waits))
        raise AssertionError("a policy allows at least one attempt")

    def _finishing(self, record: Incoming, work: Callable[[], T]) -> T:
        result = work()
        self.inbox.finish(record)
        return result

    def _give_up(self, record: Incoming, error: Exception) -> Result:
        of_party = record.topic in self._group.party_handlers
        if isinstance(error, WaitFor) and not of_party:
            self.inbox.transaction(lambda: self._finishing(record, lambda: self._park_alone(record, error)))
            return "parked"
        if not is_garbage(record, of_party=of_party):
            self._failed_in_a_row += 1
            if self._failed_in_a_row >= self.policy.breaker:
                raise BreakerOpen(
                    f"{self._failed_in_a_row} records failed in a row, the last with {error!r}"
                ) from error
        self._observer.failed(record, error)
        self.inbox.transaction(lambda: self._finishing(record, lambda: self._park_alone(record, error)))
        return "parked"

    def _park_alone(self, record: Incoming, error: Exception) -> None:
        detail = f"{type(error).__name__}: {error}"
        envelope = None if record.topic in self._group.party_handlers else readable(record)
        if envelope is None:
            self.inbox.park(undecodable_record(record, detail, self.now()))
            return
        if isinstance(error, WaitFor):
            parked = parked_record(
                record,
                envelope,
                "waiting",
                str(error),
                self.now(),
                waiting_for=error.waiting_for,
                first_pause=self.policy.waiting_first,
            )
        else:
            parked = parked_record(record, envelope, "failed", detail, self.now())
        cursors = self.inbox.cursors([(record.topic, envelope.key)])
        self._park(parked, cursors[record.topic, envelope.key])
        self.inbox.save(list(cursors.values()))

    def _park(self, parked: Parked, cursor: Cursor) -> bool:
        fresh = self.inbox.park(parked)
        if fresh and parked.sequence > cursor.sequence:
            cursor.parked += 1
        return fresh
