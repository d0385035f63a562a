"""A run: scenarios one after the other on one platform, each judged when the platform has come to rest.

A scenario gets a `Stage` and does its harm there. Afterwards everything it harmed is mended, and the platform has a
deadline to come to rest; what is wrong then is that scenario's. At the end the whole history is judged, and the same
commands are given to a platform without faults.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from kafka.errors import KafkaError
from pymongo.errors import PyMongoError

from tests.resilience.faults.checker.log import Log, Offsets
from tests.resilience.faults.checker.planted import Planted
from tests.resilience.faults.checker.store import Store
from tests.resilience.faults.checker.streams import Scene, judge_log, judge_streams
from tests.resilience.faults.checker.subscriptions import EVENTS, OWNERS, heard_by
from tests.resilience.faults.checker.verdict import Verdict
from tests.resilience.faults.checker.watch import OffsetWatch
from tests.resilience.faults.ground import Ground, Platform
from tests.resilience.faults.load import Clients, Stream
from tests.resilience.faults.processes import Fleet
from tests.support.waiting import NotInTime

DEADLINE = 120.0  # seconds in which the platform must come to rest, or get on with what is left
LONGEST = 8  # times that, however much it gets on


@dataclass(frozen=True, slots=True)
class Scenario:
    """`proves` are rows of the failure catalogue."""

    name: str
    proves: tuple[str, ...]
    play: Callable[[Stage], None]
    own_broker: bool = False


@dataclass(slots=True)
class Outcome:
    scenario: Scenario
    seconds: float
    verdict: Verdict
    skipped: str = ""


@dataclass(slots=True)
class Stage:
    """What a scenario works with. Everything random in it comes from the run's seed and the scenario's name."""

    ground: Ground
    platform: Platform
    clients: Clients
    store: Store
    log: Log
    planted: Planted
    watch: OffsetWatch
    seed: int
    name: str
    size: int
    faults: Counter[str]
    deadline: float = DEADLINE
    verdict: Verdict = field(default_factory=Verdict)
    past: set[str] = field(default_factory=set)
    applied: int = 0
    moved_at: float = 0.0
    random: Random = field(init=False)
    stream: Stream = field(init=False)

    def __post_init__(self) -> None:
        self.random = Random(f"{self.seed}/{self.name}/faults")
        self.stream = Stream(self.seed, self.name)

    @property
    def fleet(self) -> Fleet:
        return self.platform.fleet

    @property
    def groups(self) -> list[str]:
        """The groups that run."""
        return [group for group in heard_by() if group.partition(".")[0] in self.platform.services]

    def hearing(self, topic: str) -> list[str]:
        return [group for group in self.groups if topic in EVENTS.get(group, ())]

    def drive(self, most: int | None = None) -> None:
        self.clients.drive(self.stream, most or self.size)

    def hold(self, holds: object, words: str) -> None:
        """Something that is true of this scenario alone."""
        self.verdict.hold("scenario", holds, words)

    def committed(self, *groups: str) -> dict[str, dict[tuple[str, int], int]]:
        offsets = self.open_offsets()
        try:
            return offsets.of(list(groups))
        finally:
            offsets.close()

    def open_offsets(self) -> Offsets:
        return Offsets(self.ground.broker.addresses, self.platform.prefix)

    def rest(self) -> None:
        """Wait until nothing is left to be done; what is still wrong at the deadline is wrong. A machine that is busy with other
        things gets longer, as long as the groups get on with their reading."""
        began = self.moved_at = time.monotonic()
        while not self._settled() and self._in_time(began):
            time.sleep(0.2)
        while not (verdict := self._look()).clean and self._in_time(began):
            time.sleep(0.4)
        if not verdict.clean:
            verdict = self._look(at_all=True)
        self.verdict.add(verdict)

    def _in_time(self, began: float) -> bool:
        return time.monotonic() < min(self.moved_at + self.deadline, began + LONGEST * self.deadline)

    def _settled(self) -> bool:
        """Whether nothing is on its way, as far as a quick look can tell: a thorough one costs seconds."""
        heard = {group: set(topics) for group, topics in heard_by().items() if group in self.groups}
        try:
            bounds = self.log.bounds(sorted(set().union(*heard.values())))
            at = self.committed(*self.groups)
            waiting = any(self.store.pending(owner) or self.store.count(owner, "resends") for owner in OWNERS)
            waiting = waiting or self.store.unaddressed() > 0
        except (KafkaError, PyMongoError, OSError, KeyError):  # engines that were restarted may still refuse
            return False
        applied = sum(sum(places.values()) for places in at.values())
        if applied != self.applied:
            self.applied, self.moved_at = applied, time.monotonic()
        ends = {place: end for place, (start, end) in bounds.items() if end > start}
        behind = any(
            at[group].get(place, 0) != end
            for group, own in heard.items()
            for place, end in ends.items()
            if place[0] in own
        )
        return not waiting and not behind

    def _look(self, *, at_all: bool = False) -> Verdict:
        """What is wrong now. The log is read once nothing else is wrong, or when `at_all` is wanted."""
        try:
            scene = Scene(self.store, self.log, self.platform.services, self.planted, frozenset(self.past))
            verdict = judge_streams(scene)
            if verdict.clean or at_all:
                offsets = self.open_offsets()
                try:
                    verdict.add(judge_log(scene, offsets))
                finally:
                    offsets.close()
        except (KafkaError, PyMongoError, OSError, KeyError) as missing:  # engines that were restarted may still refuse
            verdict = Verdict()
            verdict.hold("rest", False, f"could not look: {missing!r}")
        return verdict


def play(stage: Stage, scenario: Scenario) -> Outcome:
    """One scenario with its rest."""
    began = time.monotonic()
    try:
        scenario.play(stage)
    except (NotInTime, AssertionError) as failure:
        stage.verdict.hold("scenario", False, str(failure))
    for process in stage.fleet.processes.values():
        stage.fleet.then(process.name)
        if process.stopped:
            process.thaw()
    stage.rest()
    stage.watch.trust_again()
    return Outcome(scenario, time.monotonic() - began, stage.verdict)
