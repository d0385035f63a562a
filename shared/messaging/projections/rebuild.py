"""Building a projection anew beside the one that is read, and taking the old one away.

A worker runs the group of every living generation. The new one reads each topic from its beginning, and what retention has
dropped is asked for from its owner, as by any new group. It is swapped in when it has nothing before it, waits for no
answer, and stands with every key where the old one stands or beyond; until then the old one is served and goes on. Every
step can be taken again by a worker that starts in the middle, and by two workers at once.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from pymongo.errors import PyMongoError

from shared.kernel import failpoints
from shared.kernel.settings.current import settings
from shared.messaging.errors import Retired
from shared.messaging.inbox.runner import GroupRunner
from shared.messaging.kafka.cluster import Unreachable
from shared.messaging.outbox.resend import Requests
from shared.messaging.projections import catch_up, cleanup, generations
from shared.messaging.projections.catch_up import Behind
from shared.messaging.projections.generations import Generations
from shared.messaging.subscriptions import ConsumerGroup
from shared.messaging.wakeups.consumer import ConsumerWakeup
from shared.observability import logs, metrics
from shared.storage import connection

log = logs.get(__name__)
LOOK_SECONDS = 0.5
ASKS_BEFORE_UNKNOWN = 3  # as of a gap: a question answered with nothing counts as a third of all
COMPARED_SHARE = 5  # a comparison reads every cursor, so it may take this part of the time at most: one in so many


class ProjectionRunner:
    """One projection's loop of a worker. `assigned` says whether the group that is read has its partitions."""

    def __init__(
        self,
        service: str,
        group: ConsumerGroup,
        requests: Requests,
        stop: threading.Event,
        wakeup: ConsumerWakeup | None = None,
    ) -> None:
        self.group = group
        self._service, self._requests, self._stop, self._wakeup = service, requests, stop, wakeup
        self._members: dict[int, _Member] = {}
        self._current = generations.FIRST
        self._compare_at = 0.0
        self._behind_since: dict[Behind, float] = {}
        self._asks: dict[Behind, int] = {}
        self._unknown_to_owner: set[Behind] = set()

    @property
    def assigned(self) -> bool:
        member = self._members.get(self._current)
        return member is not None and member.runner.assigned

    @property
    def unread(self) -> list[str]:
        """Return what of its topics nobody in the group that is read reads."""
        member = self._members.get(self._current)
        return member.runner.unread if member else []

    @property
    def seconds_stalled(self) -> float:
        """Return the seconds since the slowest of its groups last got on."""
        return max((member.runner.seconds_stalled for member in list(self._members.values())), default=0.0)

    def run(self) -> None:
        try:
            while not self._stop.is_set():
                try:
                    self._advance()
                except PyMongoError as error:
                    if not connection.is_to_blame(error):
                        raise
                    log.warning("store away", loop=self.group.group, error=type(error).__name__)
                except Unreachable as error:
                    log.warning("broker away", loop=self.group.group, error=type(error).__name__)
                self._stop.wait(LOOK_SECONDS)
        finally:
            self._run_only(())

    def _advance(self) -> None:
        state = generations.load_state(self.group.group)
        self._run_only(state.living)
        self._current = state.current
        if state.building is not None:
            self._build(state, state.building)
        for number, since in state.retired:
            self._delete_retired(number, since)

    def _run_only(self, numbers: tuple[int, ...]) -> None:
        gone = {number: member for number, member in self._members.items() if number not in numbers}
        for member in gone.values():
            member.stop.set()
        for number, member in gone.items():
            member.thread.join()
            metrics.forget_group(member.runner.group.group)
            del self._members[number]
        for number in numbers:
            if number not in self._members:
                self._members[number] = _Member(
                    self._service, generations.of(self.group, number), self._requests, self._wakeup
                )
            elif not self._members[number].thread.is_alive():
                self._drop_ended(number)

    def _drop_ended(self, number: int) -> None:
        """Drop an ended group that found itself retired and is not needed; any other end is a fault that ends the worker."""
        if not self._members[number].retired:
            raise RuntimeError(f"{generations.name_of(self.group.group, number)} ended by itself")
        del self._members[number]

    def _build(self, state: Generations, number: int) -> None:
        member, name = self._members.get(number), generations.name_of(self.group.group, number)
        if member is None or member.runner.lag != 0 or time.monotonic() < self._compare_at:
            return
        if self._requests.are_open(name):
            return
        began = time.monotonic()
        missing = catch_up.behind(self.group, state.current, number)
        self._compare_at = time.monotonic() + COMPARED_SHARE * (time.monotonic() - began)
        awaited = {place: parked for place, parked in missing.items() if place not in self._unknown_to_owner}
        if awaited:
            self._ask_for(name, awaited)
            return
        if missing:
            log.warning("history that its owner does not have is left out", group=name, keys=len(missing))
        failpoints.hit("rebuild.before_swap", self.group.group)
        self._asks, self._unknown_to_owner = {}, set()
        if generations.swap(self.group.group, number):
            log.info("generation swapped in", group=self.group.group, generation=number)

    def _ask_for(self, name: str, missing: Mapping[Behind, bool]) -> None:
        """Ask for what stays missing though nothing is under way, unless it is parked: then an operator decides.

        Nothing is asked for while a request is open, so what is still missing after some answers, each time awaited for
        twice as long, its owner does not have: a forged record was applied, or the owner was restored from a backup.
        """
        now = time.monotonic()
        unexplained = [behind for behind, parked in missing.items() if not parked]
        self._behind_since = {behind: self._behind_since.get(behind, now) for behind in unexplained}
        overdue: dict[str, list[Behind]] = {}
        for behind, since in self._behind_since.items():
            asks = self._asks.get(behind, 0)
            if now - since <= settings().gap_seconds * 2**asks:
                continue
            if asks == ASKS_BEFORE_UNKNOWN:
                self._unknown_to_owner.add(behind)
            else:
                self._asks[behind] = asks + 1
                overdue.setdefault(behind.topic, []).append(behind)
        for topic, keys in overdue.items():
            only: UUID | None = keys[0].key if len(keys) == 1 else None
            self._requests.ask(name, topic, only, keys[0].sequence if only else 1)
        if overdue:
            self._behind_since = {}

    def _delete_retired(self, number: int, since: datetime) -> None:
        """Delete a retired generation once no transaction can be running that began before; later ones are refused."""
        if connection.server_time() - since > timedelta(seconds=settings().transaction_seconds):
            name = generations.name_of(self.group.group, number)
            rows = cleanup.clear(self.group, number, self._stop)
            log.info("retired generation deleted", group=name, rows=rows)


class _Member:
    """The group of one generation, in a thread of its own. `retired` says that it ended because nobody needs it."""

    def __init__(self, service: str, group: ConsumerGroup, requests: Requests, wakeup: ConsumerWakeup | None) -> None:
        self.stop = threading.Event()
        self.runner = GroupRunner(service, group, requests, self.stop, wakeup)
        self.retired = False
        self.thread = threading.Thread(target=self._run, name=group.group, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        try:
            self.runner.run()
        except Retired:
            self.retired = True
