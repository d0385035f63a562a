"""Drives one consumer group: poll, decode, deliver, commit; rest while a dependency is away; end cleanly.

An offset is committed only behind the transaction that holds its effects. When the store is away the group leaves the
broker, waits and joins again (a paused partition may never be fetched again). After every assignment the positions are
compared with what the log holds; what retention has dropped is asked for from its owner.

Polls do not block: the embedded broker answers an empty fetch at once, and a blocking poll would ask without end. Between
empty polls the loop rests, a little longer each time, until the worker's wake-up says that a topic has grown; the poll
after that waits for what is known to be there.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from pymongo.errors import PyMongoError

from shared.contracts.catalogue import is_known
from shared.contracts.envelope import Envelope
from shared.kernel import clock, failpoints, ids
from shared.kernel.backoff import pauses
from shared.kernel.context import acting_as, tracing
from shared.kernel.principal import SYSTEM
from shared.kernel.settings.current import settings
from shared.kernel.trace import Trace, caused_by, new_traceparent
from shared.messaging.bookmarks import UNKNOWN, Bookmark, Place, has_false_epoch, header_of, read_on
from shared.messaging.errors import BreakerOpen, Retired
from shared.messaging.inbox.deferred import DeferredRecords
from shared.messaging.inbox.delivery import Delivery
from shared.messaging.inbox.parking import ParkingLot
from shared.messaging.inbox.policy import DeliveryContext, DeliveryPolicy, Result
from shared.messaging.inbox.store import MongoInbox
from shared.messaging.kafka.cluster import Unreachable
from shared.messaging.kafka.consumer import GroupConsumer
from shared.messaging.kafka.heard_until import HeardUntil
from shared.messaging.outbox.resend import Requests
from shared.messaging.ports import Incoming
from shared.messaging.subscriptions import ConsumerGroup
from shared.messaging.wakeups.consumer import ConsumerWakeup
from shared.observability import logs, metrics
from shared.storage import connection

log = logs.get(__name__)
LOOK_SECONDS = 1.0
SHORTEST_PAUSE = 0.005
WOKEN_MS = 50  # longest wait for what the wake-up has seen
DRAINED_AT_ONCE = 200
DOUBTS_AT_ONCE = 100
RESTS = (0.25, 2.0)  # seconds, the first and the longest, while a dependency is away: it may be back in a moment


def within(envelope: Envelope | None, handler: Callable[[], None]) -> None:
    """Run a handler as the system, inside the story of the event that caused it."""
    if envelope is None:
        with acting_as(SYSTEM):
            handler()
        return
    cause = Trace(correlation_id=envelope.correlation_id, traceparent=envelope.traceparent or new_traceparent())
    with acting_as(SYSTEM), tracing(caused_by(envelope.id, cause)):
        handler()


class MetricsObserver:
    def __init__(self, group: str, mark_progress: Callable[[], None]) -> None:
        self._group, self._mark_progress = group, mark_progress

    def handled(self, record: Incoming, result: Result) -> None:
        self._mark_progress()
        kind = header_of(record, "ce_type")
        label = kind if is_known(kind) else "unknown"
        metrics.EVENTS_HANDLED.labels(self._group, label, result).inc()
        if result == "applied":
            metrics.EVENT_DELAY.labels(self._group).observe(_seconds_since_recorded(record))

    def failed(self, record: Incoming, error: Exception) -> None:
        place = f"{record.topic}/{record.partition}/{record.offset}"
        log.error("record parked", group=self._group, place=place, error=type(error).__name__, exc_info=error)


def _seconds_since_recorded(record: Incoming) -> float:
    return (clock.now() - datetime.fromisoformat(header_of(record, "ce_time"))).total_seconds()


def is_no_fault_of_a_record(error: BaseException) -> bool:
    return connection.is_away(error) or isinstance(error, Retired)


def delivery_for(group: ConsumerGroup, inbox: MongoInbox, mark_progress: Callable[[], None] = lambda: None) -> Delivery:
    """`mark_progress` is called for every record that was handled."""
    config = settings()
    policy = DeliveryPolicy(
        attempts=config.max_attempts,
        first_pause=config.retry_first_ms / 1000,
        breaker=config.breaker_events,
        waiting_first=config.waiting_first_seconds,
        waiting_longest=config.waiting_max_seconds,
        asks=config.gap_asks,
    )
    context = DeliveryContext(now=clock.now, sleep=time.sleep, within=within, is_away=is_no_fault_of_a_record)
    return Delivery(group, inbox, policy, MetricsObserver(group.group, mark_progress), context, inbox.started_at())


class GroupRunner:
    """Runs one group in a thread of its worker. `assigned` says whether the group has its partitions, `unread` what of its
    topics nobody reads, `lag` how far it is from their ends (None: not known yet)."""

    def __init__(
        self,
        service: str,
        group: ConsumerGroup,
        requests: Requests,
        stop: threading.Event,
        wakeup: ConsumerWakeup | None = None,
    ) -> None:
        self.group = group
        self._signal = wakeup.signal(group) if wakeup else None
        self.assigned = False
        self.unread: list[str] = []
        self.lag: int | None = None
        self._client_id = f"{service}-worker-{os.getpid()}"
        self._slot = settings().worker_slot
        self._inbox = MongoInbox(group.group, fence=group.fence)
        self._requests, self._stop = requests, stop
        self._delivery: Delivery | None = None
        self._bookmarks: dict[Place, Bookmark] = {}
        self._deferred = DeferredRecords(group)
        self._heard = HeardUntil(group)
        self._compare_at = 0.0
        self._looked_at = self._missing_at = 0.0
        self._took_part = False
        self._pause = SHORTEST_PAUSE
        self._woken = False
        self._behind = 0
        self._progress_at = time.monotonic()

    @property
    def seconds_stalled(self) -> float:
        """Return for how long the group has not got on. Nothing to read, or a dependency that is away, is no stall."""
        return time.monotonic() - self._progress_at

    def run(self) -> None:
        waits = pauses(*RESTS)
        while not self._stop.is_set():
            try:
                self._run_session()
            except BreakerOpen as open_breaker:
                log.error("group stopped", group=self.group.group, reason=str(open_breaker))
                metrics.BREAKER.labels(self.group.group).set(1)
                self._rest(settings().breaker_seconds)
            except PyMongoError as error:
                if not connection.is_to_blame(error):
                    raise
                log.warning("store away", group=self.group.group, error=type(error).__name__)
                self._rest(next(waits))
            except Unreachable as error:
                log.warning("broker away", group=self.group.group, error=type(error).__name__)
                self._rest(next(waits))
            if self._took_part:
                waits, self._took_part = pauses(*RESTS), False

    def _run_session(self) -> None:
        # once made it is kept: an open breaker stays open
        self._delivery = self._delivery or delivery_for(self.group, self._inbox, self._mark_progress)
        delivery, lot = self._delivery, ParkingLot(self._delivery)
        lot.reconsider()
        consumer = GroupConsumer(self.group.group, self.group.topics, self._client_id, self._slot)
        try:
            while not self._stop.is_set():
                self._poll_once(consumer, delivery, lot)
        finally:
            failpoints.hit("cons.in_drain", self.group.group)
            self.assigned, self.lag = False, None
            metrics.GROUP_ASSIGNED.labels(self.group.group).set(0)
            consumer.close()

    def _poll_once(self, consumer: GroupConsumer, delivery: Delivery, lot: ParkingLot) -> None:
        records = consumer.poll(WOKEN_MS if self._woken else 0)
        self.assigned = consumer.assigned
        self._took_part = self._took_part or self.assigned
        metrics.GROUP_ASSIGNED.labels(self.group.group).set(int(self.assigned))
        if (places := consumer.newly_assigned()) is not None:
            delivery.assigned(places)
            metrics.ASSIGNMENTS.labels(self.group.group).inc()
            self._heard.assigned(places)
            self._bookmarks, self._compare_at = {}, 0.0
            records = self._take_back(consumer, records)
        if self.assigned and time.monotonic() >= self._compare_at:
            # before anything is committed: that would hide what the last bookmark says of the log
            elsewhere = self._compare(consumer)
            records = [record for record in records if (record.topic, record.partition) not in elsewhere]
            self._deferred.forget(elsewhere)
        busy, parked, self._woken = bool(records), False, False
        records = self._deferred.joined_by(records)
        if records:
            failpoints.hit("cons.after_poll", self.group.group)
            with metrics.EVENT_DURATION.labels(self.group.group).time():
                results = delivery.deliver(delivery.decode(records))
            failpoints.hit("cons.after_txn", self.group.group)
            parked = "parked" in results
            self._read_on(consumer, records)
        if not self._behind:
            self._mark_progress()
        self._pause = SHORTEST_PAUSE if busy else min(self._pause * 2, settings().consumer_idle_ms / 1000)
        if not busy:
            self._wait_for_more(SHORTEST_PAUSE if consumer.is_joining else self._pause)
        if parked or delivery.applier.retry_requested or time.monotonic() - self._looked_at >= LOOK_SECONDS:
            delivery.applier.retry_requested = False
            metrics.BREAKER.labels(self.group.group).set(int(delivery.is_stopped))
            self._housekeep(consumer, lot, records)

    def _take_back(self, consumer: GroupConsumer, records: Sequence[Incoming]) -> list[Incoming]:
        """Read what was deferred again, after an assignment: from the last committed offset, with what follows it."""
        places = self._deferred.places
        self._deferred.forget()
        if places:
            consumer.return_to_committed(places)
        return [record for record in records if (record.topic, record.partition) not in places]

    def _wait_for_more(self, seconds: float) -> None:
        if self._signal is None:
            self._stop.wait(seconds)
        elif self._signal.wait(seconds):
            self._woken, self._pause = True, SHORTEST_PAUSE

    def _read_on(self, consumer: GroupConsumer, records: Sequence[Incoming]) -> None:
        if false := sum(map(has_false_epoch, records)):
            metrics.UNSEALED.labels("epoch").inc(false)
        moved, begun = read_on(records, self._bookmarks)
        self._bookmarks.update(moved)
        failpoints.hit("cons.before_offset", self.group.group)
        if not consumer.commit(moved):
            metrics.COMMITS_REFUSED.labels(self.group.group).inc()
        failpoints.hit("cons.after_offset", self.group.group)
        if begun:
            log.warning("the log began a new epoch, reading again", group=self.group.group, places=sorted(begun))
            consumer.rewind(begun)

    def _compare(self, consumer: GroupConsumer) -> set[Place]:
        """Find out whether the log is still the one that was read, and what retention took before it was.

        Returns the places that are read again from the beginning.
        """
        self._compare_at = time.monotonic() + settings().compare_seconds
        self._bookmarks = {**consumer.committed(), **self._bookmarks}
        asked_at = ids.present()
        comparison = consumer.compare(self._bookmarks)
        elsewhere, passed, self._behind = comparison.elsewhere, comparison.passed, comparison.behind
        if elsewhere:
            log.warning("not the log that was read, reading again", group=self.group.group, places=sorted(elsewhere))
            self._heard.begin_again()
            self._bookmarks.update({place: Bookmark(0, "", self._bookmarks[place].epoch) for place in elsewhere})
            consumer.rewind(elsewhere)
        for topic in sorted({topic for topic, _ in passed}):
            self._requests.ask(self.group.group, topic)
        begun = {place: Bookmark(start, "", self._epoch_at(place)) for place, start in passed.items()}
        if begun:
            self._bookmarks.update(begun)
            consumer.commit(begun)  # asked for, and noted: not to be asked for again
        self._heard.told(asked_at, comparison.ends)
        return elsewhere

    def _epoch_at(self, place: Place) -> int:
        return self._bookmarks[place].epoch if place in self._bookmarks else UNKNOWN

    def _housekeep(self, consumer: GroupConsumer, lot: ParkingLot, records: Sequence[Incoming]) -> None:
        self._looked_at = time.monotonic()
        if lot.retry_due(DRAINED_AT_ONCE) >= DRAINED_AT_ONCE:
            self._looked_at = 0.0
        self.unread = consumer.unread()
        lag = consumer.lag() if self.assigned else 0
        self.lag = lag if self.assigned else None
        metrics.CONSUMER_LAG.labels(self.group.group).set(lag)
        newest = records[-1].timestamp if records and lag else None
        metrics.CONSUMER_AGE.labels(self.group.group).set((clock.now() - newest).total_seconds() if newest else 0)
        self._heard.look(self._bookmarks, self._requests.are_open)
        if time.monotonic() >= self._missing_at:
            self._missing_at = time.monotonic() + settings().gap_seconds
            open_before = clock.now() - timedelta(seconds=settings().gap_seconds)
            gaps = self._inbox.transaction(lambda: self._inbox.missing(open_before))
            for topic in {gap.topic for gap in gaps}:
                self._requests.ask_for_gaps(self.group.group, topic, [gap for gap in gaps if gap.topic == topic])
        if written_to := [topic for topic, copied in self.group.copied.items() if copied.addresses]:
            for doubt in self._inbox.claim_doubts(written_to, clock.now(), DOUBTS_AT_ONCE):
                log.warning("a party's version jumped, its owner is asked", topic=doubt.topic, party=str(doubt.key))
                self._requests.ask(self.group.group, doubt.topic, doubt.key, request_id=doubt.request_id)
        self._requests.tick(self.group.group, caught_up=lag == 0 and not records and not self._deferred)

    def _mark_progress(self) -> None:
        self._progress_at = time.monotonic()

    def _rest(self, seconds: float) -> None:
        self.assigned, self._behind = False, 0
        self._mark_progress()
        self._stop.wait(seconds)
