"""Probes of what a broker does with the members of a group, and with a broker that dies under load."""

from __future__ import annotations

import contextlib
import threading
import time
from typing import Any

from kafka.admin import MemberToRemove
from kafka.errors import KafkaError

from tests.resilience.kafka.ground import Ground, Member, quiet, settle, until
from tests.resilience.kafka.member import SESSION_MS
from tests.resilience.kafka.probes import Answer, yes_if

PAST_SESSION = 3 * SESSION_MS / 1000  # seconds after which nobody may say that the broker was about to act


def _pair(ground: Ground) -> tuple[str, str, Member, Member]:
    """Two static members that share three partitions and are at rest; the first leads the group."""
    topic, group = ground.topic(3), ground.fresh_name("group")
    ground.fill(topic, 10)
    first = ground.member(group, topic, "slot-0")
    until(lambda: first.partitions == [0, 1, 2], "the first has all")
    second = ground.member(group, topic, "slot-1")
    settle([first, second], 3)
    quiet([first, second])
    return topic, group, first, second


def _takes_over(survivor: Member, began: float) -> float | None:
    """Seconds until the survivor has everything, None when it does not get it."""
    while time.monotonic() - began < PAST_SESSION:
        if survivor.partitions == [0, 1, 2]:
            return time.monotonic() - began
        time.sleep(0.05)
    return None


def join_and_leave(ground: Ground) -> Answer:
    topic, group = ground.topic(3), ground.fresh_name("group")
    first = ground.member(group, topic)
    until(lambda: first.partitions == [0, 1, 2], "one member has all")
    second = ground.member(group, topic)
    joined = settle([first, second], 3)
    second.leave()
    left = until(lambda: first.partitions == [0, 1, 2], "the one that stays has all again")
    return yes_if(True, f"{joined:.1f} s, {left:.1f} s")


def static_rejoin(ground: Ground) -> Answer:
    topic, group, leader, follower = _pair(ground)
    return _returns(ground, (topic, group, "slot-1"), follower, leader)


def leader_rejoin(ground: Ground) -> Answer:
    topic, group, leader, follower = _pair(ground)
    return _returns(ground, (topic, group, "slot-0"), leader, follower)


def _returns(ground: Ground, place: tuple[str, str, str], dies: Member, peer: Member) -> Answer:
    topic, group, instance = place
    held, disturbed = dies.partitions, len(peer.heard("assigned"))
    dies.kill()
    returned = ground.member(group, topic, instance)
    seconds = until(lambda: returned.partitions, "the static member is back")
    quiet([returned, peer])
    assert returned.partitions == held, f"held {held}, now {returned.partitions}"
    return yes_if(len(peer.heard("assigned")) == disturbed, f"{seconds:.1f} s")


def expiry(ground: Ground) -> Answer:
    _, _, first, second = _pair(ground)
    second.kill()
    seconds = _takes_over(first, time.monotonic())
    return Answer("no") if seconds is None else Answer("yes", f"{seconds:.1f} s")


def eviction(ground: Ground) -> Answer:
    _, group, first, second = _pair(ground)
    second.kill()
    for member in ground.members_of(group):
        if member["group_instance_id"] == "slot-1":
            ground.admin.remove_group_members(group, [MemberToRemove(member_id=member["member_id"])])
    seconds = _takes_over(first, time.monotonic())
    return Answer("no") if seconds is None else Answer("yes", f"{seconds:.1f} s")


def zombie(ground: Ground) -> Answer:
    """Stopped in the middle of a batch past its session; when it wakes it commits before anything else."""
    _, _, first, second = _pair(ground)
    until(lambda: set(second.positions.values()) == {10}, "the zombie-to-be has read")
    second.hold()
    assert second.partitions
    second.stop()
    took_over = _takes_over(first, time.monotonic())
    second.go_on()
    answer = second.commit()
    assert (took_over is None) == (answer == "committed"), f"taken over: {took_over}, its commit: {answer}"
    return Answer("no") if answer == "committed" else Answer("yes", answer)


def same_slot_twice(ground: Ground) -> Answer:
    """A second member with the static id of a living one."""
    topic, group = ground.topic(1), ground.fresh_name("group")
    ground.fill(topic, 3, [0])
    first = ground.member(group, topic, "slot-0")
    until(lambda: first.heard("read"), "the first has read")
    first.hold()
    second = ground.member(group, topic, "slot-0")
    until(lambda: second.partitions, "the second has the slot")
    answer = first.commit()
    return Answer("no") if answer == "committed" else Answer("yes", answer)


class Load(threading.Thread):
    """A producer that never stops, and remembers where the broker said that each record is."""

    def __init__(self, ground: Ground, topic: str) -> None:
        super().__init__(daemon=True)
        self._producer, self._topic = ground.producer(delivery_timeout_ms=60_000, max_block_ms=60_000), topic
        self._ended = threading.Event()
        self.acknowledged: dict[int, tuple[int, int]] = {}

    def run(self) -> None:
        number = 0
        while not self._ended.wait(0.01):
            for _ in range(10):
                try:
                    future = self._producer.send(self._topic, b"%d" % number, partition=number % 3)
                except KafkaError:
                    return
                future.add_callback(self._remember, number)
                number += 1

    def _remember(self, number: int, where: Any) -> None:
        self.acknowledged[number] = (where.partition, where.offset)

    def end(self, patience: float) -> None:
        """Wait `patience` seconds for what is under way, then give it up."""
        self._ended.set()
        self.join(timeout=70)
        try:
            self._producer.close(timeout=patience)
        except KafkaError:
            self._producer._sender.force_close()  # `close` gives up before it has ended the sender
            with contextlib.suppress(KafkaError):
                self._producer.close(timeout=5)


def acknowledged_survives(ground: Ground) -> Answer:
    """The leader of a partition is killed under load. Where others are left, the load goes on."""
    topic = ground.topic(3)
    victim = next(one["leader_id"] for one in ground.describe(topic)["partitions"]) if ground.engine.goes_on else 1
    load = Load(ground, topic)
    load.start()
    until(lambda: len(load.acknowledged) > 1000, "the load runs")
    ground.engine.kill(victim)
    at_death = len(load.acknowledged)
    if ground.engine.goes_on:
        until(lambda: len(load.acknowledged) > at_death + 1000, "the load goes on without the dead broker")
    load.end(30 if ground.engine.goes_on else 0.5)
    ground.engine.restart(victim)
    ground.reconnect()
    kept: dict[int, list[tuple[int, int]]] = {}
    for record in ground.read(topic):
        kept.setdefault(int(record.value), []).append((record.partition, record.offset))
    lost = [number for number, where in load.acknowledged.items() if where not in kept.get(number, [])]
    figure = f"{len(lost)} of {len(load.acknowledged)} lost"
    if lost:
        return Answer("no", figure)
    twice = [number for number, places in kept.items() if len(places) > 1]
    assert not twice, f"kept twice: {twice[:5]}"
    return Answer("yes", figure)
