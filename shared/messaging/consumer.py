"""Drives one reaction group: poll, deliver, commit; rest while a dependency is away; end cleanly.

An offset is committed only behind the transaction that holds its effects. When the store is away the group leaves the
broker, waits and joins again (a paused partition may never be fetched again). After every assignment the positions are
compared with what the log holds; what retention has dropped is asked for from its owner.

Polls do not block: the embedded broker answers an empty fetch at once, and a blocking poll would ask without end. Between
empty polls the loop rests, a little longer each time.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Sequence
from datetime import timedelta

from pymongo.errors import PyMongoError

from shared.contracts.envelope import Envelope
from shared.contracts.event import class_for
from shared.messaging.delivery import BreakerOpen, Delivery, DeliveryPolicy, Result, Surroundings
from shared.messaging.inbox import MongoInbox
from shared.messaging.kafka import Subscription, Unreachable
from shared.messaging.parking import ParkingLot
from shared.messaging.ports import Incoming
from shared.messaging.reactions import Reactions
from shared.messaging.resend import Requests
from shared.messaging.retry import pauses
from shared.observability import logs, metrics
from shared.runtime import clock
from shared.runtime.context import SYSTEM, Trace, acting_as, caused_by, new_traceparent, tracing
from shared.runtime.settings import settings
from shared.storage import connection

log = logs.get(__name__)
LOOK_SECONDS = 0.25
SHORTEST_PAUSE = 0.005


def within(envelope: Envelope | None, reaction: Callable[[], None]) -> None:
    """Run a reaction as the system, inside the story of the fact that caused it."""
    if envelope is None:
        with acting_as(SYSTEM):
            reaction()
        return
    cause = Trace(correlation_id=envelope.correlation_id, traceparent=envelope.traceparent or new_traceparent())
    with acting_as(SYSTEM), tracing(caused_by(envelope.id, cause)):
        reaction()


class MetricsObserver:
    def __init__(self, group: str) -> None:
        self._group = group

    def handled(self, record: Incoming, result: Result) -> None:
        kind = next((value.decode("utf-8", "replace") for name, value in record.headers if name == "ce_type"), "")
        known = kind if class_for(kind) or kind.startswith("id.score.contacts.") else "unknown"
        metrics.EVENTS_HANDLED.labels(self._group, known, result).inc()

    def failed(self, record: Incoming, error: Exception) -> None:
        place = f"{record.topic}/{record.partition}/{record.offset}"
        log.error("record parked", group=self._group, place=place, error=type(error).__name__, exc_info=error)


def delivery_for(group: Reactions, inbox: MongoInbox) -> Delivery:
    config = settings()
    policy = DeliveryPolicy(
        attempts=config.max_attempts,
        first_pause=config.retry_first_ms / 1000,
        breaker=config.breaker_events,
        waiting_first=config.waiting_first_seconds,
        waiting_longest=config.waiting_max_seconds,
    )
    around = Surroundings(now=clock.now, sleep=time.sleep, within=within, is_away=connection.is_away)
    return Delivery(group, inbox, policy, MetricsObserver(group.group), around, inbox.started_at())


class GroupRunner:
    """One thread of a worker. `assigned` says whether the group has its partitions."""

    def __init__(self, service: str, group: Reactions, requests: Requests, stop: threading.Event) -> None:
        self.group = group
        self.assigned = False
        self._client_id = f"{service}-worker-{os.getpid()}"
        self._inbox = MongoInbox(group.group)
        self._requests, self._stop = requests, stop
        self._verify = False
        self._looked_at = 0.0
        self._pause = SHORTEST_PAUSE

    def run(self) -> None:
        waits = pauses(0.5, 10)
        while not self._stop.is_set():
            try:
                self._take_part()
            except BreakerOpen as open_breaker:
                log.error("group stopped", group=self.group.group, reason=str(open_breaker))
                self._rest(settings().breaker_seconds)
            except PyMongoError as error:
                if not connection.is_away(error):
                    raise
                log.warning("store away", group=self.group.group, error=type(error).__name__)
                self._rest(next(waits))
            except Unreachable as error:
                log.warning("broker away", group=self.group.group, error=type(error).__name__)
                self._rest(next(waits))
            else:
                waits = pauses(0.5, 10)

    def _take_part(self) -> None:
        delivery = delivery_for(self.group, self._inbox)
        lot = ParkingLot(delivery)

        def on_assigned(partitions: list[tuple[str, int]]) -> None:
            delivery.assigned(partitions)
            self._verify = True

        subscription = Subscription(self.group.group, self.group.topics, self._client_id, on_assigned)
        try:
            while not self._stop.is_set():
                self._turn(subscription, delivery, lot)
        finally:
            self.assigned = False
            metrics.GROUP_ASSIGNED.labels(self.group.group).set(0)
            subscription.close()

    def _turn(self, subscription: Subscription, delivery: Delivery, lot: ParkingLot) -> None:
        records = subscription.poll()
        self.assigned = subscription.assigned
        metrics.GROUP_ASSIGNED.labels(self.group.group).set(int(self.assigned))
        parked = False
        if records:
            with metrics.EVENT_DURATION.labels(self.group.group).time():
                results = delivery.deliver(records)
            parked = "parked" in results
            subscription.commit(positions_behind(records))
        if self._verify and self.assigned:
            self._verify = False
            for topic in subscription.verify():
                self._requests.ask(self.group.group, topic)
        self._pause = SHORTEST_PAUSE if records else min(self._pause * 2, settings().consumer_idle_ms / 1000)
        if not records:
            self._stop.wait(self._pause)
        if parked or time.monotonic() - self._looked_at >= LOOK_SECONDS:
            self._look_around(subscription, lot, records)

    def _look_around(self, subscription: Subscription, lot: ParkingLot, records: Sequence[Incoming]) -> None:
        self._looked_at = time.monotonic()
        lot.retry_due()
        lag = subscription.lag() if self.assigned else 0
        metrics.CONSUMER_LAG.labels(self.group.group).set(lag)
        newest = records[-1].timestamp if records and lag else None
        metrics.CONSUMER_AGE.labels(self.group.group).set((clock.now() - newest).total_seconds() if newest else 0)
        for gap in self._inbox.open_gaps(clock.now() - timedelta(seconds=settings().gap_seconds)):
            self._requests.ask(self.group.group, gap.record.topic, gap.key, 1)
        self._requests.tick(self.group.group, caught_up=lag == 0 and not records)

    def _rest(self, seconds: float) -> None:
        self.assigned = False
        self._stop.wait(seconds)


def positions_behind(records: Sequence[Incoming]) -> dict[tuple[str, int], tuple[int, str]]:
    """Where a group stands after these records, with the id of the last event before each position."""
    positions: dict[tuple[str, int], tuple[int, str]] = {}
    for record in records:
        event_id = next((value.decode("ascii", "replace") for name, value in record.headers if name == "ce_id"), "")
        positions[record.topic, record.partition] = (record.offset + 1, event_id[:64])
    return positions
