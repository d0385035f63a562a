"""The two brokers behind one face: topics, records, members of groups, and the death of a broker."""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol, Self

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient, NewTopic

REPOSITORY = Path(__file__).resolve().parents[3]
PATIENCE = 90.0  # seconds; a build machine may be busy
_numbers = itertools.count(1)


def until(condition: Callable[[], object], what: str, seconds: float = PATIENCE) -> float:
    """Wait for a condition; how long it took."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.05)
    return time.monotonic() - began


class Engine(Protocol):
    """What a test may do to a broker."""

    name: str
    version: str
    addresses: str
    replication: int
    goes_on: bool  # with one broker dead

    def kill(self, number: int) -> None: ...

    def restart(self, number: int) -> None: ...


class Ground:
    def __init__(self, engine: Engine) -> None:
        self.engine, self.name = engine, engine.name
        self._bootstrap = engine.addresses.split(",")
        self.admin = self.new_admin()
        self._members: list[Member] = []

    def new_admin(self) -> KafkaAdminClient:
        return KafkaAdminClient(bootstrap_servers=self._bootstrap, request_timeout_ms=60_000)

    def reconnect(self) -> None:
        """After the death of a broker: the old client knows only the dead one."""
        self.admin.close()
        self.admin = self.new_admin()

    def fresh_name(self, kind: str) -> str:
        return f"{kind}-{os.getpid()}-{next(_numbers)}"

    def topic(self, partitions: int = 3, name: str | None = None, **config: str) -> str:
        name = name or self.fresh_name("topic")
        options = {key.replace("_", "."): value for key, value in config.items()}
        self.admin.create_topics([NewTopic(name, partitions, self.engine.replication, topic_configs=options)])
        until(lambda: self._led(name) == partitions, f"{name} has {partitions} leaders")
        return name

    def describe(self, topic: str) -> dict[str, Any]:
        described: dict[str, Any] = self.admin.describe_topics([topic])[0]
        return described

    def _led(self, topic: str) -> int:
        return sum(partition["leader_id"] >= 0 for partition in self.describe(topic)["partitions"])

    def producer(self, **options: Any) -> KafkaProducer:
        return KafkaProducer(bootstrap_servers=self._bootstrap, acks="all", enable_idempotence=True, **options)

    def send(self, topic: str, *records: dict[str, Any]) -> None:
        producer = self.producer()
        try:
            for future in [producer.send(topic, **record) for record in records]:
                future.get(timeout=PATIENCE)
        finally:
            producer.close(timeout=5)

    def fill(self, topic: str, each: int, partitions: Sequence[int] = (0, 1, 2)) -> None:
        """`each` records into every partition."""
        self.send(
            topic,
            *({"value": f"{number}".encode(), "partition": one} for one in partitions for number in range(each)),
        )

    def bounds(self, topic: str) -> dict[int, tuple[int, int]]:
        with self.reader() as reader:
            partitions = [TopicPartition(topic, one["partition_index"]) for one in self.describe(topic)["partitions"]]
            starts, ends = reader.beginning_offsets(partitions), reader.end_offsets(partitions)
            return {one.partition: (starts[one], ends[one]) for one in sorted(partitions)}

    def read(self, topic: str) -> list[Any]:
        """Every record that the topic holds, partition by partition, in order of offset."""
        found: list[Any] = []
        bounds = self.bounds(topic)
        with self.reader() as reader:
            for number, (start, end) in bounds.items():
                partition = TopicPartition(topic, number)
                reader.assign([partition])
                reader.seek(partition, start)
                deadline = time.monotonic() + PATIENCE
                while reader.position(partition) < end:
                    assert time.monotonic() < deadline, f"{topic}/{number} gives nothing before {end}"
                    found += reader.poll(timeout_ms=500).get(partition, [])
        return found

    def reader(self, **options: Any) -> Reader:
        return Reader(
            bootstrap_servers=self._bootstrap, enable_auto_commit=False, auto_offset_reset="earliest", **options
        )

    def member(self, group: str, topic: str, instance: str | None = None) -> Member:
        member = Member(self.engine.addresses, group, topic, instance)
        self._members.append(member)
        return member

    def members_of(self, group: str) -> list[dict[str, Any]]:
        return list(self.admin.describe_groups([group])[group]["members"])

    def end_members(self) -> None:
        for member in self._members:
            member.kill()
        self._members.clear()

    def close(self) -> None:
        self.end_members()
        self.admin.close()


class Reader(KafkaConsumer):  # type: ignore[misc]
    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close(autocommit=False)


class Teller:
    """The near side of a process that belongs to a group and says what happens to it, a JSON object a line."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.said: list[dict[str, Any]] = []
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            self.said.extend(json.loads(line) for line in lines)

    def heard(self, word: str) -> list[Any]:
        return [said[word] for said in list(self.said) if word in said]

    @property
    def partitions(self) -> list[int]:
        """Those of its newest assignment."""
        assignments: list[list[int]] = self.heard("assigned")
        return assignments[-1] if assignments else []


class Member(Teller):
    """The near side of `member.py`."""

    def __init__(self, addresses: str, group: str, topic: str, instance: str | None) -> None:
        started = subprocess.Popen(
            [sys.executable, "-m", "tests.resilience.kafka.member", addresses, group, topic, *([instance] if instance else [])],
            cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONWARNINGS": "ignore"},
        )  # fmt: skip
        super().__init__(started)

    @property
    def positions(self) -> dict[int, int]:
        """How far it has read in each partition of its newest assignment."""
        found: dict[int, int] = {}
        for said in list(self.said):
            if "assigned" in said:
                found = dict.fromkeys(said["assigned"], 0)
            elif "read" in said:
                found[said["read"]] = said["position"]
        return found

    def order(self, word: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()

    def hold(self) -> None:
        self.order("hold")
        until(lambda: self.heard("held"), "the member holds")

    def commit(self) -> str:
        """`committed`, or the name of the refusal."""
        before = len(self.said)
        self.order("commit")
        until(lambda: self._answers(before), "the member answers")
        return self._answers(before)[0]

    def _answers(self, since: int) -> list[str]:
        answers = [said for said in self.said[since:] if "committed" in said or "refused" in said]
        return [str(said.get("refused", "committed")) for said in answers]

    def leave(self) -> None:
        self.order("leave")
        until(lambda: self.heard("left"), "the member leaves")

    def stop(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self._listener.join(timeout=5)
        if self.process.stdin is not None:
            try:
                self.process.stdin.close()
            except BrokenPipeError:
                return


def quiet(members: Sequence[Member], seconds: float = 3.0) -> None:
    """Wait until no assignment has come for a while: a group may rebalance once more after it is shared."""

    def unchanged() -> bool:
        before = [len(one.heard("assigned")) for one in members]
        time.sleep(seconds)
        return before == [len(one.heard("assigned")) for one in members]

    until(unchanged, "the group is quiet")


def settle(members: Sequence[Member], partitions: int) -> float:
    """Wait until the members share all partitions and each has some; how long it took."""

    def shared() -> bool:
        return sorted(itertools.chain.from_iterable(one.partitions for one in members)) == list(
            range(partitions)
        ) and all(one.partitions for one in members)

    return until(shared, f"{partitions} partitions are shared by {len(members)} members")
