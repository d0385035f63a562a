"""Leases, timers and the control topic: who works, who waits, and that one failure stops nobody else."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import pytest
from pymongo.errors import AutoReconnect

from shared.contracts.control import (
    CONTROL_TOPIC,
    ResendAnswered,
    ResendRequested,
    control_from_record,
    control_record,
)
from shared.messaging.kafka import KafkaLog
from shared.messaging.lease import Lease
from shared.messaging.ports import Incoming
from shared.messaging.resend import Answers, Requests
from shared.observability import metrics
from shared.runtime import clock, ids
from shared.runtime.context import SYSTEM, current_principal
from shared.runtime.loops import RelayLoop, TimerLoop, is_stale
from shared.runtime.timer import Timer
from shared.storage import connection
from tests.engines import environment
from tests.integration import toy
from tests.integration.messaging.running import OWNER, running, until

Message = TypeVar("Message")


@pytest.fixture(autouse=True)
def _on_the_toy_store(store) -> None:
    store(toy.SERVICE)


# Leases.


def test_one_holder_at_a_time(every_write_in_a_transaction) -> None:
    first, second = Lease("relay", "first"), Lease("relay", "second")
    assert [first.hold(), second.hold(), first.hold(), second.hold()] == [True, False, True, False]
    assert first.token == 1
    assert second.tried
    first.release()
    assert second.hold()
    assert not first.hold()
    assert second.token == 2
    first.release()
    assert second.hold(), "who lost a lease cannot give it away"


def test_a_lease_that_is_not_renewed_is_free_and_its_token_rises() -> None:
    with environment(SCORE_LEASE_SECONDS="0.3"):
        first, second = Lease("relay", "first"), Lease("relay", "second")
        assert first.hold()
        until(second.hold, "the lease ran out")
        assert not first.hold()
        assert (first.token, second.token) == (0, 2)


def test_many_who_ask_at_once_and_one_who_gets_it() -> None:
    got: list[bool] = []
    leases = [Lease("relay", f"holder {number}") for number in range(6)]
    threads = [threading.Thread(target=lambda lease=lease: got.append(lease.hold())) for lease in leases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == [False] * 5 + [True]


# Timers.


@contextmanager
def timing(*timers: Timer, stop: threading.Event | None = None) -> Iterator[TimerLoop]:
    stop = stop or threading.Event()
    loop = TimerLoop(OWNER, stop, timers)
    thread = threading.Thread(target=loop.run)
    thread.start()
    try:
        yield loop
    finally:
        stop.set()
        thread.join(30)
        assert not thread.is_alive()


def counting(runs: list[str], name: str, seconds: float = 0.02, do: Callable[[], object] = lambda: None) -> Timer:
    def run() -> None:
        runs.append(name)
        assert current_principal() == SYSTEM
        do()

    return Timer(name, seconds, run)


def boom() -> None:
    raise ValueError("a bug in a timer")


def test_a_failing_timer_stops_neither_the_others_nor_the_worker() -> None:
    runs: list[str] = []
    failed = metrics.TIMER_RUNS.labels("bad", "failed")._value.get()
    with timing(counting(runs, "bad", do=boom), counting(runs, "good")):
        until(lambda: runs.count("good") > 3 and runs.count("bad") > 3, f"both run: {runs}")
    assert metrics.TIMER_RUNS.labels("bad", "failed")._value.get() > failed + 2


def test_the_lease_is_renewed_between_two_timers() -> None:
    """Each is shorter than a lease, all together are longer: nobody else may start them meanwhile."""
    runs: list[str] = []
    with environment(SCORE_LEASE_SECONDS="0.6"):
        other, stolen = Lease("timers", "other"), threading.Event()
        slow = [counting(runs, f"slow {n}", do=lambda: time.sleep(0.3)) for n in range(6)]
        with timing(*slow):
            until(lambda: runs, "the first runs")
            while len(runs) < 12:
                if other.hold():
                    stolen.set()
                time.sleep(0.05)
        assert not stolen.is_set()


def test_timers_run_where_the_lease_is() -> None:
    runs: list[str] = []
    with environment(SCORE_LEASE_SECONDS="1"):
        other = Lease("timers", "other")
        assert other.hold()
        with timing(counting(runs, "mine")) as loop:
            until(lambda: loop.lease.tried, "it asked")
            assert runs == []
            other.release()
            until(lambda: runs, "it has the lease")


def test_a_worker_without_timers_is_ready_all_the_same() -> None:
    with timing() as loop:
        until(lambda: loop.lease.tried, "tried")


# The relay's loop.


def test_a_relay_that_gets_the_lease_reads_the_state_of_the_topic_again(broker) -> None:
    stop = threading.Event()
    with environment(SCORE_LEASE_SECONDS="0.9", SCORE_RELAY_IDLE_MS="10"):
        loop = RelayLoop(OWNER, stop)
        doubts: list[object] = []
        doubt = loop._relays[0].doubt
        loop._relays[0].doubt = lambda: (doubts.append(1), doubt())  # type: ignore[method-assign]
        thread = threading.Thread(target=loop.run)
        thread.start()
        try:
            until(lambda: loop.holding, "it works")
            assert metrics.RELAY_LEASE._value.get() == 1
            connection.database()["leases"].update_one(
                {"_id": "relay"}, {"$set": {"holder": "other", "until": clock.now() + timedelta(seconds=1)}}
            )
            until(lambda: not loop.holding, "another took it")
            until(lambda: metrics.RELAY_LEASE._value.get() == 0, "and that is shown")
            until(lambda: loop.holding, "it is back")
            assert len(doubts) == 2
        finally:
            stop.set()
            thread.join(30)


# The control topic.


def request(group: str = "enrollment.x", topic: str = toy.TOPIC) -> ResendRequested:
    return ResendRequested(request_id=ids.new(), group=group, topic=topic)


def control(message: ResendRequested) -> Incoming:
    record = control_record(message, service="enrollment", message_id=ids.new(), time=clock.now())
    return Incoming(CONTROL_TOPIC, 0, 0, record.key, record.headers, record.value)


def said(broker, kind: type[Message]) -> list[Message]:
    found = [control_from_record(r.key, r.headers, r.value) for r in broker.records(CONTROL_TOPIC) if r.value != b"{"]
    return [message for message in found if isinstance(message, kind)]


def answered(broker) -> list[object]:
    return [message.request_id for message in said(broker, ResendAnswered)]


def test_garbage_and_other_peoples_topics_do_not_stop_the_control_loop(broker) -> None:
    mine = request()
    broker.send(Incoming(CONTROL_TOPIC, 0, 0, b"x", [("ce_type", b"?")], b"{"))
    broker.send(control(request(topic="score.finance")))
    broker.send(control(mine))
    with running():
        until(lambda: mine.request_id in answered(broker), "answered")
    assert answered(broker) == [mine.request_id]


def test_a_request_is_not_lost_when_its_answer_fails(broker, monkeypatch) -> None:
    """The store goes away in the middle: what was not answered is not committed, and is heard again."""
    mine = request()
    answer, failures = Answers.answer, iter([True, True, False])

    def fail_twice(self: Answers, message: ResendRequested) -> None:
        if next(failures, False):
            raise AutoReconnect("gone")
        answer(self, message)

    monkeypatch.setattr(Answers, "answer", fail_twice)
    broker.send(control(mine))
    with running():
        until(lambda: mine.request_id in answered(broker), "answered in the end")


def test_of_a_request_and_its_repeats_one_is_answered(broker) -> None:
    mine, later = request(), request()
    for asked in (mine, mine, mine, later):
        broker.send(control(asked))
    with running():
        until(lambda: later.request_id in answered(broker), "all are read")
    assert answered(broker) == [mine.request_id, later.request_id]


def test_the_answer_to_an_earlier_try_counts(broker) -> None:
    """Else an owner that is slower than the repeats would never be heard."""
    log = KafkaLog("requests")
    requests, group, noon = Requests("enrollment", log), "enrollment.x", datetime(2026, 3, 2, 12, tzinfo=UTC)

    def row() -> dict[str, Any]:
        return connection.database()["resends"].find_one({"group": group})

    def told(request_id: UUID) -> ResendAnswered:
        return ResendAnswered(
            request_id=request_id, group=group, topic=toy.TOPIC, next_after=noon, done=False, sent=3
        )  # fmt: skip

    requests.ask(group, toy.TOPIC)
    with environment(SCORE_RESEND_REPEAT_SECONDS="0.001"):
        for tries in (1, 2):
            until(lambda tries=tries: tick(requests, group) or len(said(broker, ResendRequested)) >= tries, "asked")
    first, *repeats = (asked.request_id for asked in said(broker, ResendRequested))
    assert {first} == set(repeats)
    for _ in range(2):  # the owner has answered both
        requests.hear(told(first))
        assert (row()["answered"], row()["after"], row()["page"]) == (True, noon, 2)
    tick(requests, group)
    *_, second = said(broker, ResendRequested)
    assert (second.page, second.after, second.request_id != first) == (2, noon, True)
    requests.hear(told(first))
    assert not row()["answered"], "the answer to the page before says nothing about this one"
    log.close()


def tick(requests: Requests, group: str) -> None:
    requests.tick(group, caught_up=True)


def test_requests_of_long_ago_are_not_answered_when_a_group_reads_the_topic_again() -> None:
    with environment(SCORE_RESEND_REPEAT_SECONDS="10"):
        assert is_stale(clock.now() - timedelta(seconds=301))
        assert not is_stale(clock.now() - timedelta(seconds=299))
        assert not is_stale(None)
