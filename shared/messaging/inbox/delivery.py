"""The whole guarantee of a consumer: a record is applied, a duplicate, knowingly ignored, or parked.

Records are decoded before their delivery, once. A batch shares one transaction with its cursors; what of it cannot be read
is parked in there. When a record fails, or the store reports conflict after conflict, the batch is rolled back and its
halves are tried by themselves, down to the record that fails: that one is tried a few times, then parked with its reason,
and the rest goes on. Of the first records of a newly assigned partition those that the group reacts to go one by one too,
each noted before it is tried: one that kills its process is there again, and is parked when it keeps doing so. What the
group only passes or cannot read runs no code of a service, and kills nobody. The store being away is never a reason to
park: that error goes up, and the group waits. Afterwards it tries fewer records in a transaction, half as many after each
time, since a store that is slow does not answer what is too much for it either. When many fail in a row the breaker opens; it
closes when one is applied, and until then each session of the group tries one record only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import TypeVar

from shared.contracts.wire.shape import Undecodable
from shared.kernel.backoff import pauses
from shared.messaging.errors import BreakerOpen, HistoryConflict, NewerVersion, PoisonRecord, WaitFor
from shared.messaging.inbox.applying import Applier
from shared.messaging.inbox.decoding import Decoded, Sequenced, Unreadable, decode
from shared.messaging.inbox.policy import Batch, DeliveryContext, DeliveryPolicy, Observer, Result
from shared.messaging.ports import Inbox, Incoming, Parked
from shared.messaging.subscriptions import ConsumerGroup

T = TypeVar("T")

PERMANENT = (WaitFor, Undecodable, NewerVersion, HistoryConflict)


class Delivery:
    """Delivers records to one consumer group, exactly one effect each."""

    def __init__(  # noqa: PLR0917 - each is another port
        self,
        group: ConsumerGroup,
        inbox: Inbox,
        policy: DeliveryPolicy,
        observer: Observer,
        context: DeliveryContext,
        started_at: datetime,
    ) -> None:
        self.inbox, self.policy, self.now, self.is_away = inbox, policy, context.now, context.is_away
        self.applier = Applier(group, inbox, policy, context)
        self._group, self._observer, self._sleep, self._started_at = group, observer, context.sleep, started_at
        self._fresh: set[tuple[str, int]] = set()
        self._failed_in_a_row = 0
        self._halvings = 0  # of what goes into a transaction, since the store did not answer the last ones

    @property
    def is_stopped(self) -> bool:
        """Return whether the breaker is open: too many records have failed in a row, and none was applied since."""
        return self._failed_in_a_row >= self.policy.breaker

    def assigned(self, partitions: Iterable[tuple[str, int]]) -> None:
        self._fresh.update(partitions)

    def decode(self, records: Iterable[Incoming]) -> list[Decoded]:
        """Decode what was polled, for `deliver`: however often a batch is tried, none of it is parsed again."""
        return [decode(record, self._group, self._started_at) for record in records]

    def deliver(self, records: Sequence[Decoded]) -> list[Result]:
        """Handle decoded records in order; raises only `BreakerOpen` and the store's absence."""
        places = {(decoded.record.topic, decoded.record.partition) for decoded in records}
        failing = self.is_stopped
        results: list[Result] = []
        careful = failing or bool(places & self._fresh)
        for alone, run in groupby(records, lambda decoded: careful and self._goes_alone(decoded, failing=failing)):
            some = list(run)
            for part in [[decoded] for decoded in some] if alone else self._parts(some):
                results += self._deliver(part, alone=alone)
        self._fresh -= places
        self._halvings = max(self._halvings - 1, 0)
        return results

    def apply_parked(self, parked: Parked) -> bool:
        """Apply a parked record if its turn has come. It is decoded anew: the code may have been mended since."""
        (decoded,) = self.decode([parked.record])
        return self._attempt(parked.record, lambda: self.applier.apply_parked(parked, decoded))

    def _goes_alone(self, decoded: Decoded, *, failing: bool) -> bool:
        """Say whether a record may kill its process, or be one too many."""
        return not isinstance(decoded, Unreadable) and (failing or self._group.is_concerned_by(decoded.record))

    def _parts(self, records: Sequence[Decoded]) -> list[Sequence[Decoded]]:
        """Return as many records at a time as go into one transaction now."""
        size = max(1, len(records) >> self._halvings)
        return [records[begin : begin + size] for begin in range(0, len(records), size)]

    def _deliver(self, records: Sequence[Decoded], *, alone: bool) -> list[Result]:
        """Apply records in one transaction, or one alone in a few tries; when that fails, try the halves, or give it up."""

        def work() -> Batch:
            return self.applier.apply_batch(records, self._failed_in_a_row)

        try:
            batch = self._attempt(records[0].record, work) if alone else self.inbox.transaction(work)
        except Exception as error:  # a handler may raise anything; it is recorded as the reason of parking
            if self.is_away(error):
                self._halvings += len(records) > 1  # one alone cannot be too many
                raise
            failure = error
        else:
            return self._settle(records, batch)
        return [self._give_up(records[0], failure)] if alone else self._deliver_halves(records)

    def _deliver_halves(self, records: Sequence[Decoded]) -> list[Result]:
        if len(records) == 1:
            return self._deliver(records, alone=True)
        half = len(records) // 2
        results: list[Result] = []
        for part in (records[:half], records[half:]):
            results += self._deliver(part, alone=len(part) == 1 and not isinstance(part[0], Unreadable))
        return results

    def _attempt(self, record: Incoming, work: Callable[[], T]) -> T:
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
                self._sleep(next(waits))
        raise AssertionError("a policy allows at least one attempt")

    def _finishing(self, record: Incoming, work: Callable[[], T]) -> T:
        result = work()
        self.inbox.finish(record)
        return result

    def _settle(self, records: Sequence[Decoded], batch: Batch) -> list[Result]:
        """Report what a committed transaction made of its records; raises `BreakerOpen` when that ended it early."""
        self._failed_in_a_row = batch.failed_in_a_row
        results: list[Result] = []
        for decoded, outcome in zip(records, batch.outcomes, strict=False):
            if isinstance(outcome, Unreadable):
                self._observer.failed(outcome.record, outcome.error)
            results.append("parked" if isinstance(outcome, Unreadable) else outcome)
            self._observer.handled(decoded.record, results[-1])
        if batch.stopped_by:
            self._refuse_too_many(batch.stopped_by.error)
        return results

    def _give_up(self, decoded: Decoded, error: Exception) -> Result:
        """Park a record that failed, or that waits for an event: this is no failure."""
        if not isinstance(error, WaitFor) or not isinstance(decoded, Sequenced):
            self._failed_in_a_row += 1
            self._refuse_too_many(error)
            self._observer.failed(decoded.record, error)
        self.inbox.transaction(lambda: self.applier.park(decoded, error))
        self._observer.handled(decoded.record, "parked")
        return "parked"

    def _refuse_too_many(self, error: Exception) -> None:
        if self.is_stopped:
            raise BreakerOpen(f"{self._failed_in_a_row} records failed in a row, the last with {error!r}") from error
