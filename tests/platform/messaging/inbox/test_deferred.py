"""What a group only moves its cursor past waits a moment, in the order of the log, and never behind what concerns it."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest

from shared.contracts.event import type_of
from shared.contracts.events.enrollment import InstitutionRegistered, InstitutionSuspended
from shared.kernel.settings.current import settings
from shared.messaging.inbox.deferred import DeferredRecords
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
def deferred(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[DeferredRecords]:
    monkeypatch.setenv("SCORE_UNCONCERNED_MS", "1000")
    monkeypatch.setenv("SCORE_BATCH_EVENTS", "4")
    settings.cache_clear()
    group = ConsumerGroup("test.group")
    group.handles(InstitutionSuspended)(lambda *_: None)
    group.handles_party("certification")(lambda *_: None)
    yield DeferredRecords(group, clock)
    monkeypatch.undo()
    settings.cache_clear()


def record(offset: int, kind: str, topic: str = TOPIC, partition: int = 0) -> Incoming:
    return Incoming(topic, partition, offset, uuid4().bytes, [("ce_type", kind.encode())], b"{}")


def test_what_does_not_concern_the_group_waits_and_goes_first(deferred: DeferredRecords, clock: Clock) -> None:
    first, second, third = record(0, PASSED), record(1, PASSED), record(2, HEARD)
    assert deferred.joined_by([first]) == []
    clock.now += 0.2
    assert deferred.joined_by([second]) == []
    assert deferred
    assert deferred.joined_by([third]) == [first, second, third]
    assert not deferred


def test_it_waits_no_longer_than_the_setting_says(deferred: DeferredRecords, clock: Clock) -> None:
    waiting = record(0, PASSED)
    assert deferred.joined_by([waiting]) == []
    clock.now += 0.49
    assert deferred.joined_by([]) == []
    clock.now += 0.51
    assert deferred.joined_by([]) == [waiting]
    assert deferred.joined_by([]) == []


def test_a_whole_batch_waits_for_nobody(deferred: DeferredRecords) -> None:
    records = [record(number, PASSED) for number in range(4)]
    assert deferred.joined_by(records[:3]) == []
    assert deferred.joined_by(records[3:]) == records


@pytest.mark.parametrize(
    "kind", ["garbage", "", PASSED.replace(".v1", ".v2x"), HEARD.replace(".v1", ".v9")], ids=lambda kind: kind or "none"
)
def test_what_is_not_known_to_be_passed_is_delivered_at_once(deferred: DeferredRecords, kind: str) -> None:
    strange = record(0, kind)
    assert deferred.joined_by([strange]) == [strange]


def test_parties_are_delivered_at_once(deferred: DeferredRecords) -> None:
    party = record(0, "", topic="score.contacts.certification")
    assert deferred.joined_by([party]) == [party]


def test_what_will_be_read_again_is_forgotten(deferred: DeferredRecords) -> None:
    here, there = record(0, PASSED), record(0, PASSED, partition=1)
    assert deferred.joined_by([here, there]) == []
    deferred.forget({(TOPIC, 0)})
    last = record(1, HEARD, partition=1)
    assert deferred.joined_by([last]) == [there, last]
    assert deferred.joined_by([here]) == []
    deferred.forget()
    assert not deferred
