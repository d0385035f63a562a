"""Runs the loops of a worker under leases: relay and timers. Each ends when asked to stop and lets unexpected errors out."""

from __future__ import annotations

import os
import threading
import time
from datetime import timedelta

from pymongo.errors import PyMongoError

from shared.kernel import clock, failpoints
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM
from shared.kernel.service import Service
from shared.kernel.settings.current import settings
from shared.messaging.errors import Overtaken
from shared.messaging.inbox.backlog import backlog
from shared.messaging.kafka.cluster import Unreachable
from shared.messaging.kafka.producer import KafkaLog
from shared.messaging.outbox.compacted import AnyOutbox, compacted_outboxes
from shared.messaging.outbox.events import EventOutbox
from shared.messaging.outbox.relay import Relay, RelayPolicy
from shared.messaging.wakeups import local
from shared.messaging.wakeups.relay import OutboxWatch
from shared.observability import logs, metrics
from shared.process.jobs import Timer
from shared.storage import connection
from shared.storage.lease import Lease

log = logs.get(__name__)
SHORT_REST = 0.5
BACKLOG_SECONDS = 5.0


class HeldLoop:
    """Runs `turn` again and again while it holds a lease; rests while a dependency is away."""

    lease_name = ""

    def __init__(self, service: Service, stop: threading.Event) -> None:
        self.service, self.stop = service, stop
        place = f"{service.name}-worker-{settings().worker_slot}"
        self.lease = Lease(self.lease_name, f"{place}-{os.getpid()}", place)
        self.holding = False

    def run(self) -> None:
        renewed = float("-inf")
        while not self.stop.is_set():
            try:
                if time.monotonic() - renewed > settings().lease_seconds / 3:
                    holds_lease = self.lease.hold()
                    renewed = time.monotonic()
                    if holds_lease and not self.holding:
                        self.taken()
                    self.holding = holds_lease
                pause = self.turn() if self.holding else self.rest()
            except PyMongoError as error:
                if not connection.is_to_blame(error):
                    raise
                log.warning("store away", loop=self.lease_name, error=type(error).__name__)
                pause = SHORT_REST
            except Unreachable as error:
                log.warning("broker away", loop=self.lease_name, error=type(error).__name__)
                pause = SHORT_REST
            except Overtaken as overtaken:
                log.warning("lease lost", loop=self.lease_name, reason=str(overtaken))
                self.holding, pause = False, SHORT_REST
            self.pause(pause)
        self.end()

    def pause(self, seconds: float) -> None:
        self.stop.wait(seconds)

    def taken(self) -> None:
        """Prepare to work under a lease not held before: whoever had it may have been at work until now."""

    def turn(self) -> float:
        """Do what is to be done; return the seconds to rest."""
        raise NotImplementedError

    def rest(self) -> float:
        """Return the seconds until the lease, which another holds, is asked for again."""
        return SHORT_REST

    def end(self) -> None:
        try:
            self.lease.release()
        except PyMongoError as error:  # it expires by itself
            log.warning("lease not released", loop=self.lease_name, error=type(error).__name__)


class RelayLoop(HeldLoop):
    lease_name = "relay"

    def __init__(self, service: Service, stop: threading.Event) -> None:
        super().__init__(service, stop)
        config = settings()
        policy = RelayPolicy(
            batch=config.relay_batch,
            window=timedelta(seconds=config.relay_window_seconds),
            overlap=timedelta(seconds=config.relay_overlap_seconds),
            margin=timedelta(seconds=config.resend_margin_seconds),
            guard_every=timedelta(seconds=config.relay_guard_seconds),
        )
        self.watch = OutboxWatch(stop)
        self._kafka = KafkaLog(f"{service.name}-relay-{os.getpid()}", local.published)
        self._outboxes: list[AnyOutbox] = [
            EventOutbox(service.event_topic, self.fence),
            *compacted_outboxes(service.name, self.fence),
        ]
        self._relays = [Relay(outbox, self._kafka, policy, clock.now) for outbox in self._outboxes]
        self._counted = 0.0

    def fence(self) -> int:
        return self.lease.token

    def taken(self) -> None:
        failpoints.hit("relay.after_lease", self.service.name)
        for relay in self._relays:
            relay.doubt()

    def rest(self) -> float:
        metrics.RELAY_LEASE.set(0)
        return super().rest()

    def turn(self) -> float:
        metrics.RELAY_LEASE.set(1)
        busy = False
        for outbox, relay in zip(self._outboxes, self._relays, strict=True):
            step = relay.step()
            metrics.RELAY_PUBLISHED.labels(outbox.topic).inc(step.published)
            metrics.RELAY_FAILED.labels(outbox.topic).inc(step.failed)
            if step.reopened:
                metrics.RELAY_RESENT.labels(outbox.topic, "loss").inc(step.reopened)
                log.error("the broker lost records, sending again", topic=outbox.topic, rows=step.reopened)
            busy = busy or (step.failed == 0 and not step.caught_up)
        if time.monotonic() - self._counted > BACKLOG_SECONDS:
            self._count_backlog()
        if busy:
            return 0.0
        config = settings()
        return (config.relay_backstop_ms if self.watch.watching else config.relay_idle_ms) / 1000

    def pause(self, seconds: float) -> None:
        """Wait until the time is over or an outbox was written to."""
        if self.watch.written.wait(seconds):
            self.watch.written.clear()

    def end(self) -> None:
        self._kafka.close()
        super().end()

    def _count_backlog(self) -> None:
        self._counted = time.monotonic()
        for outbox in self._outboxes:
            oldest = outbox.oldest_pending()
            metrics.OUTBOX_PENDING.labels(outbox.topic).set(outbox.pending_count() if oldest else 0)
            metrics.OUTBOX_OLDEST.labels(outbox.topic).set((clock.now() - oldest).total_seconds() if oldest else 0)
        for reason, (count, oldest) in backlog().items():
            metrics.PARKED.labels(reason).set(count)
            metrics.PARKED_OLDEST.labels(reason).set((clock.now() - oldest).total_seconds() if oldest else 0)


class TimerLoop(HeldLoop):
    lease_name = "timers"

    def __init__(self, service: Service, stop: threading.Event, timers: tuple[Timer, ...]) -> None:
        super().__init__(service, stop)
        self._due = dict.fromkeys(timers, 0.0)

    def turn(self) -> float:
        """Run the timer that is due the longest. One at a time: the lease is renewed between two of them."""
        timer = min(self._due, key=lambda timer: self._due[timer], default=None)
        if timer is None:
            return SHORT_REST
        if (early := self._due[timer] - time.monotonic()) <= 0:
            self._run(timer)
            self._due[timer] = time.monotonic() + timer.seconds
            early = min(self._due.values()) - time.monotonic()
        return max(0.0, min(early, settings().lease_seconds / 3))

    def _run(self, timer: Timer) -> None:
        try:
            with acting_as(SYSTEM):
                timer.run()
        except Exception as failure:  # one failing timer must stop neither the others nor the worker
            if connection.is_to_blame(failure) or isinstance(failure, Unreachable):
                raise
            log.error("timer failed", timer=timer.name, error=type(failure).__name__, exc_info=failure)
            metrics.TIMER_RUNS.labels(timer.name, "failed").inc()
        else:
            metrics.TIMER_RUNS.labels(timer.name, "done").inc()
            metrics.TIMER_SUCCESS.labels(timer.name).set(clock.now().timestamp())
