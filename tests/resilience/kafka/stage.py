"""The toy service on a broker: its store, its topics, its relay, and its group in processes that can be stopped and killed."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any
from uuid import UUID

import psutil

from shared.contracts.control import CONTROL_TOPIC
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM
from shared.messaging.kafka.cluster import physical
from shared.messaging.kafka.topics import Topics
from shared.storage import connection
from tests.resilience.kafka.ground import PATIENCE, REPOSITORY, Ground, Teller, until
from tests.support import toy

GROUP = "enrollment.first"
QUICK = {
    "SCORE_GAP_SECONDS": "0.5",
    "SCORE_RESEND_REPEAT_SECONDS": "2",
    "SCORE_RELAY_GUARD_SECONDS": "0.5",
    "SCORE_COMPARE_SECONDS": "0.5",
    "SCORE_LEASE_SECONDS": "3",
    "SCORE_SESSION_TIMEOUT_MS": "6000",  # the least that Apache Kafka accepts
}


def make_topics() -> None:
    topics = Topics()
    topics.create(events=[toy.TOPIC, CONTROL_TOPIC], compacted=["score.contacts.enrollment"])
    topics.close()


class Slot(Teller):
    """The near side of `worker.py`."""

    def __init__(self, folder: Path, number: int, group: str, seconds: float, failpoint: str) -> None:
        self._log = folder / f"slot-{number}.log"
        own = {"SCORE_WORKER_SLOT": str(number), "SCORE_FAILPOINT": failpoint, "PYTHONWARNINGS": "ignore"}
        with self._log.open("a") as log:
            started = subprocess.Popen(
                [sys.executable, "-m", "tests.resilience.kafka.worker", group, str(seconds)],
                cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=log, text=True, env=os.environ | own,
            )  # fmt: skip
        super().__init__(started)

    @property
    def is_in_a_batch(self) -> bool:
        """Records were given to it, and it has not yet tried to commit them."""
        return bool(self.said) and "polled" in self.said[-1]

    @property
    def is_stopped(self) -> bool:
        return psutil.Process(self.process.pid).status() == psutil.STATUS_STOPPED

    def wake(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def leave(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(PATIENCE) == 0, self._log.read_text()
        self._listener.join(PATIENCE)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self._listener.join(PATIENCE)


class Load(threading.Thread):
    """Commands that never stop: new keys now and then, and ever more events of the known ones."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._ended = threading.Event()
        self.lengths: dict[UUID, int] = {}

    def run(self) -> None:
        with acting_as(SYSTEM):
            for number in itertools.count():
                if self._ended.wait(0.02):
                    return
                if number % 12 == 0 and len(self.lengths) < 24:
                    self.lengths[toy.register().id] = 1
                else:
                    key = min(self.lengths, key=lambda one: self.lengths[one])
                    toy.suspend(key)
                    self.lengths[key] += 1

    def end(self) -> dict[UUID, int]:
        self._ended.set()
        self.join(PATIENCE)
        return self.lengths


class Stage:
    def __init__(self, ground: Ground, folder: Path) -> None:
        self.ground, self._folder = ground, folder
        self.topic = physical(toy.TOPIC)
        self._slots: list[Slot] = []
        self._load: Load | None = None

    def load(self) -> Load:
        self._load = Load()
        self._load.start()
        return self._load

    def slot(self, number: int, *, group: str = GROUP, seconds: float = 0.0, failpoint: str = "") -> Slot:
        """Start a worker in this slot of the group."""
        self._slots.append(Slot(self._folder, number, group, seconds, failpoint))
        return self._slots[-1]

    def pair(self, **of_the_first: Any) -> tuple[Slot, Slot]:
        """Two workers that share the partitions."""
        first, second = self.slot(0, **of_the_first), self.slot(1)
        shared(3, first, second)
        return first, second

    def end(self) -> None:
        if self._load is not None:
            self._load.end()
        for slot in self._slots:
            slot.kill()
        self.ground.reconnect()
        mine = [name for name in self.ground.admin.list_topics() if name.startswith(physical(""))]
        self.ground.admin.delete_topics(mine)

    def partitions_of(self, key: UUID) -> set[int]:
        return {record.partition for record in self.ground.read(self.topic) if record.key == str(key).encode()}

    def lost(self) -> set[str]:
        """The events that the broker acknowledged and does not hold."""
        held = {
            value.decode() for one in self.ground.read(self.topic) for name, value in one.headers if name == "ce_id"
        }
        database = connection.database()
        events, unsent = (
            {str(row["_id"]) for row in database[name].find({}, {"_id": 1})} for name in ("outbox", "pending")
        )
        return events - unsent - held


def shared(partitions: int, *slots: Slot) -> None:
    def are_shared() -> bool:
        held = sorted(itertools.chain.from_iterable(slot.partitions for slot in slots))
        return held == list(range(partitions)) and all(slot.partitions for slot in slots)

    until(are_shared, f"{partitions} partitions are shared by {len(slots)} workers")


def histories(keys: int = 24, length: int = 3) -> dict[UUID, int]:
    partners = [toy.register().id for _ in range(keys)]
    for _ in range(length - 1):
        for partner in partners:
            toy.suspend(partner)
    return dict.fromkeys(partners, length)


def count(group: str = GROUP) -> int:
    return connection.database()["effects"].count_documents({"what": group})


def await_once_in_order(lengths: dict[UUID, int], group: str = GROUP) -> None:
    """Wait until these histories have had their effects: each once, those of a key in order, nothing parked."""
    database = connection.database()
    until(lambda: count(group) >= sum(lengths.values()), f"{sum(lengths.values())} effects of {group}")
    until(lambda: database["parked"].count_documents({}) == 0, "nothing waits")
    found: dict[UUID, list[int]] = {}
    for key, sequence in toy.effects(group):
        found.setdefault(key, []).append(sequence)
    wanted = {key: list(range(1, length + 1)) for key, length in lengths.items()}
    wrong = {key: (found.get(key), wanted.get(key)) for key in found | wanted if found.get(key) != wanted.get(key)}
    assert wrong == {}, f"effects and what they should be: {wrong}"


def all_sent() -> bool:
    return connection.database()["pending"].count_documents({}) == 0
