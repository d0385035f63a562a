"""What a group only moves its cursor past waits a moment, in the order of the log, and never behind what concerns it."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest

from shared.contracts.event import type_of
from shared.contracts.events.enrollment import InstitutionRegistered, InstitutionSuspended
from shared.kernel.settings.current import settings
from shared.messaging.inbox.deferred import SetAside
from shared.messaging.ports import Incoming
from shared.messaging.subscriptions import ConsumerGroup

HEARD, PASSED = type_of(InstitutionSuspended), type_of(InstitutionRegistered)
TOPIC = "score.enrollment"


class Clock:
    def __init__(self) -> None:
        self.now = 50.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def aside(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[SetAside]:
    monkeypatch.setenv("SCORE_UNCONCERNED_MS", "1000")
    monkeypatch.setenv("SCORE_BATCH_EVENTS", "4")
    settings.cache_clear()
    group = ConsumerGroup("test.group")
    group.handles(InstitutionSuspended)(lambda *_: None)
    group.handles_party("certification")(lambda *_: None)
    yield SetAside(group, clock)
    monkeypatch.undo()
    settings.cache_clear()


def record(offset: int, kind: str, topic: str = TOPIC, partition: int = 0) -> Incoming:
    return Incoming(topic, partition, offset, uuid4().bytes, [("ce_type", kind.encode())], b"{}")


def test_what_does_not_concern_the_group_waits_and_goes_first(aside: SetAside, clock: Clock) -> None:
    first, second, third = record(0, PASSED), record(1, PASSED), record(2, HEARD)
    assert aside.joined_by([first]) == []
    clock.now += 0.2
    assert aside.joined_by([second]) == []
    assert aside
    assert aside.joined_by([third]) == [first, second, third]
    assert not aside


def test_it_waits_no_longer_than_the_setting_says(aside: SetAside, clock: Clock) -> None:
    waiting = record(0, PASSED)
    assert aside.joined_by([waiting]) == []
    clock.now += 0.49
    assert aside.joined_by([]) == []
    clock.now += 0.51
    assert aside.joined_by([]) == [waiting]
    assert aside.joined_by([]) == []


def test_a_whole_batch_waits_for_nobody(aside: SetAside) -> None:
    records = [record(number, PASSED) for number in range(4)]
    assert aside.joined_by(records[:3]) == []
    assert aside.joined_by(records[3:]) == records


@pytest.mark.parametrize(
    "kind", ["garbage", "", PASSED.replace(".v1", ".v2x"), HEARD.replace(".v1", ".v9")], ids=lambda kind: kind or "none"
)
def test_what_is_not_known_to_be_passed_is_delivered_at_once(aside: SetAside, kind: str) -> None:
    strange = record(0, kind)
    assert aside.joined_by([strange]) == [strange]


def test_parties_are_delivered_at_once(aside: SetAside) -> None:
    party = record(0, "", topic="score.contacts.certification")
    assert aside.joined_by([party]) == [party]


def test_what_will_be_read_again_is_forgotten(aside: SetAside) -> None:
    here, there = record(0, PASSED), record(0, PASSED, partition=1)
    assert aside.joined_by([here, there]) == []
    aside.forget({(TOPIC, 0)})
    last = record(1, HEARD, partition=1)
    assert aside.joined_by([last]) == [there, last]
    assert aside.joined_by([here]) == []
    aside.forget()
    assert not aside
