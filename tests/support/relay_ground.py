"""A relay over ports in memory, with what was sent and what is pending."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from shared.messaging.outbox.relay import Relay, RelayPolicy, Step
from shared.messaging.ports import Incoming
from tests.support.memory_group import KEYS, START, TOPIC, Clock, outgoing
from tests.support.memory_ports import MemoryLog, MemoryOutbox

A, B, C = KEYS[:3]

POLICY = RelayPolicy(
    batch=10,
    window=timedelta(seconds=60),
    overlap=timedelta(seconds=15),
    margin=timedelta(seconds=60),
    guard_every=timedelta(seconds=10),
)


class Ground:
    def __init__(self, partitions: int = 1, policy: RelayPolicy = POLICY) -> None:
        self.clock, self.outbox, self.log = Clock(), MemoryOutbox(TOPIC), MemoryLog(partitions)
        self.policy = policy
        self.restart()

    def restart(self) -> None:
        self.relay = Relay(self.outbox, self.log, self.policy, self.clock)

    def record(self, key: UUID, *sequences: int, seconds_ago: float = 0.0) -> None:
        for sequence in sequences:
            self.outbox.add(outgoing(key, sequence, self.clock.now - timedelta(seconds=seconds_ago)))

    def run(self, most: int = 60) -> list[Step]:
        """Step until caught up."""
        steps = []
        for _ in range(most):
            steps.append(self.relay.step())
            if steps[-1].caught_up:
                return steps
        raise AssertionError(f"not caught up after {most} steps")

    def pending(self) -> int:
        return sum(row.pending for row in self.outbox.rows.values())

    def sent(self, partition: int | None = None) -> list[tuple[UUID, int]]:
        found = self.log.records(TOPIC) if partition is None else self.log.partitions[TOPIC][partition]
        return [place_of(record) for record in found]

    def holds(self) -> set[tuple[UUID, int]]:
        return set(self.sent())


def place_of(record: Incoming) -> tuple[UUID, int]:
    headers = dict(record.headers)
    return UUID(headers["ce_subject"].decode()), int(headers["ce_sequence"])


def first_copies(places: list[tuple[UUID, int]], key: UUID) -> list[int]:
    return list(dict.fromkeys(sequence for k, sequence in places if k == key))


def key_of(number: int) -> UUID:
    return UUID(int=3 * number + 100 + number % 3)


def publish_every(ground: Ground, *, seconds: float, count: int) -> None:
    for number in range(count):
        ground.record(key_of(number), 1)
        ground.run()
        ground.clock.pass_(seconds)
    assert ground.pending() == 0
    assert ground.clock.now > START
