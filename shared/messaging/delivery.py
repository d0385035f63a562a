"""The whole guarantee of a consumer: a record is applied, a duplicate, knowingly ignored, or parked.

A batch shares one transaction with its cursors. When a record of it fails the batch is rolled back and its records go one
by one: each is tried a few times, then parked with its reason, and the rest goes on. What is known of a record is one
comparison with the cursor of its key: next, lower or higher. The first records of a newly assigned partition go one by
one too, each try noted before it is made: one that kills its process is there again, and is parked when it keeps doing so.
The store being away is never a reason to park: that error goes up, and the group waits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from shared.contracts.contacts import party_from_record
from shared.contracts.envelope import Envelope
from shared.contracts.shape import Undecodable
from shared.messaging.parking import parked_record, undecodable_record
from shared.messaging.ports import Cursor, Inbox, Incoming, Parked
from shared.messaging.reactions import NotYet, Reactions, waiting_key
from shared.messaging.retry import pauses

Result = Literal["applied", "duplicate", "ignored", "parked"]
Cursors = dict[tuple[str, UUID], Cursor]


class BreakerOpen(Exception):
    """So many records failed in a row that going on would park the world."""


class Diverged(Exception):
    """The same place of a key's history holds two different facts."""


class NewerVersion(Exception):
    """A major version that this release cannot read. Parked; retried after the upgrade."""


class Observer(Protocol):
    """Hears what became of each record: metrics and logs in production, the checker in a simulation."""

    def handled(self, record: Incoming, result: Result) -> None: ...
    def failed(self, record: Incoming, error: Exception) -> None: ...


@dataclass(frozen=True, slots=True)
class DeliveryPolicy:
    attempts: int
    first_pause: float
    breaker: int
    waiting_first: float
    waiting_longest: float


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Clock, sleep, what wraps a reaction (the principal and, for a fact, the story it continues), and whether an error
    means that the store is away."""

    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    within: Callable[[Envelope | None, Callable[[], None]], None]
    is_away: Callable[[BaseException], bool]


class Delivery:
    """Delivers records to one reaction group, exactly one effect each."""

    def __init__(
        self,
        group: Reactions,
        inbox: Inbox,
        policy: DeliveryPolicy,
        observer: Observer,
        around: Surroundings,
        started_at: datetime,
    ) -> None:
        self.inbox, self.policy, self.now, self.is_away = inbox, policy, around.now, around.is_away
        self._group, self._observer, self._around, self._started_at = group, observer, around, started_at
        self._fresh: set[tuple[str, int]] = set()
        self._failed_in_a_row = 0

    def assigned(self, partitions: Iterable[tuple[str, int]]) -> None:
        self._fresh.update(partitions)

    def deliver(self, records: Sequence[Incoming]) -> list[Result]:
        """Handle records in order; raises only `BreakerOpen` and the store's absence."""
        places = {(record.topic, record.partition) for record in records}
        results = None if places & self._fresh else self._deliver_together(records)
        if results is None:
            results = [self._deliver_alone(record) for record in records]
            self._fresh -= places
        for record, result in zip(records, results, strict=True):
            self._observer.handled(record, result)
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
            self._advance(parked.record.topic, envelope, cursor)
            self.inbox.save([cursor])
        return True

    def skip_parked(self, parked: Parked, why: str) -> None:
        """Discard a parked record and let its key go on; part of a transaction."""
        self.inbox.discard(parked, why, self.now())
        if parked.key is None or parked.record.topic in self._group.party_handlers:
            return
        cursor = self.inbox.cursors([(parked.record.topic, parked.key)])[parked.record.topic, parked.key]
        if parked.sequence == cursor.sequence + 1:
            cursor.parked -= 1
            cursor.advance(envelope_of(parked.record))
            self._call_next(parked.record.topic, cursor)
            self.inbox.save([cursor])

    def _deliver_together(self, records: Sequence[Incoming]) -> list[Result] | None:
        """The results, or None when a record failed and nothing was done."""
        try:
            results = self.inbox.transaction(lambda: self._apply_batch(records))
        except Exception as error:  # the batch is rolled back; its records are told apart one by one
            if self.is_away(error):
                raise
            return None
        self._failed_in_a_row = 0
        return results

    def _apply_batch(self, records: Sequence[Incoming]) -> list[Result]:
        parties = self._group.party_handlers
        envelopes = [None if record.topic in parties else envelope_of(record) for record in records]
        cursors = self.inbox.cursors([(r.topic, e.key) for r, e in zip(records, envelopes, strict=True) if e])
        results = [
            self._apply(record, envelope, cursors) if envelope else self._receive_party(record)
            for record, envelope in zip(records, envelopes, strict=True)
        ]
        self.inbox.save(list(cursors.values()))
        return results

    def _apply(self, record: Incoming, envelope: Envelope, cursors: Cursors) -> Result:
        cursor = cursors[record.topic, envelope.key]
        if envelope.sequence <= cursor.sequence:
            refuse_divergence(envelope, cursor)
            return "duplicate"
        if envelope.sequence > cursor.sequence + 1:
            self._park(parked_record(record, envelope, "gap", f"expected {cursor.sequence + 1}", self.now()), cursor)
            return "parked"
        if cursor.parked and self.inbox.parked_at(record.topic, envelope.key, envelope.sequence):
            return "duplicate"
        return self._advance(record.topic, envelope, cursor)

    def _advance(self, topic: str, envelope: Envelope, cursor: Cursor) -> Result:
        result = self._react(envelope)
        cursor.advance(envelope)
        self._call_next(topic, cursor)
        for parked in self.inbox.due(self.now(), woken_by=waiting_key(envelope.type, envelope.key)):
            self.inbox.postpone(replace(parked, next_try_at=self.now()))
        return result

    def _react(self, envelope: Envelope) -> Result:
        if self._group.is_behind(envelope.type):
            raise NewerVersion(f"{envelope.type} is newer than what this release reads")
        if not self._group.applies(envelope, self._started_at):
            return "ignored"
        fact = envelope.fact()
        self._around.within(envelope, lambda: self._group.handlers[envelope.type](fact, envelope))
        return "applied"

    def _call_next(self, topic: str, cursor: Cursor) -> None:
        """What queued behind the record just applied is due now, each in a transaction of its own."""
        if cursor.parked:
            queued = self.inbox.parked_at(topic, cursor.key, cursor.sequence + 1)
            if queued and queued.reason != "failed":
                self.inbox.postpone(replace(queued, reason="waiting", next_try_at=self.now()))

    def _receive_party(self, record: Incoming) -> Result:
        party = party_from_record(record.key, record.headers, record.value)
        if not self.inbox.keep_party(party):
            return "duplicate"
        self._around.within(None, lambda: self._group.party_handlers[record.topic](party))
        return "applied"

    def _deliver_alone(self, record: Incoming) -> Result:
        error: Exception = RuntimeError("the process died while this record was applied")
        waits = pauses(self.policy.first_pause, self.policy.first_pause * 2**self.policy.attempts)
        while self.inbox.begin(record) <= self.policy.attempts:
            try:
                result = self.inbox.transaction(lambda: self._apply_batch([record]))[0]
            except (NotYet, Undecodable, NewerVersion, Diverged) as permanent:
                error = permanent
                break
            except Exception as failure:  # a reaction may raise anything; it is recorded when the tries are used up
                if self.is_away(failure):
                    raise
                error = failure
                self._around.sleep(next(waits))
            else:
                self._failed_in_a_row = 0
                return result
        return self._give_up(record, error)

    def _give_up(self, record: Incoming, error: Exception) -> Result:
        if not isinstance(error, NotYet | Undecodable):
            self._failed_in_a_row += 1
            if self._failed_in_a_row >= self.policy.breaker:
                raise BreakerOpen(
                    f"{self._failed_in_a_row} records failed in a row, the last with {error!r}"
                ) from error
        if not isinstance(error, NotYet):
            self._observer.failed(record, error)
        self.inbox.transaction(lambda: self._park_alone(record, error))
        return "parked"

    def _park_alone(self, record: Incoming, error: Exception) -> None:
        detail = f"{type(error).__name__}: {error}"
        if isinstance(error, Undecodable) or record.topic in self._group.party_handlers:
            self.inbox.park(undecodable_record(record, detail, self.now()))
            return
        envelope = envelope_of(record)
        if isinstance(error, NotYet):
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

    def _park(self, parked: Parked, cursor: Cursor) -> None:
        if self.inbox.park(parked) and parked.sequence > cursor.sequence:
            cursor.parked += 1


def envelope_of(record: Incoming) -> Envelope:
    return Envelope.from_record(record.key, record.headers, record.value)


def refuse_divergence(envelope: Envelope, cursor: Cursor) -> None:
    """Raise `Diverged` when a remembered place of the key's history held another fact than this one."""
    place = len(cursor.recent) - 1 - (cursor.sequence - envelope.sequence)
    if place < 0:
        return
    event_id, digest = cursor.recent[place]
    if event_id != envelope.id or digest != envelope.digest():
        raise Diverged(f"sequence {envelope.sequence} of {envelope.key} was event {event_id}, now {envelope.id}")
