"""Requests on the control topic are answered once, and none is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from pymongo.errors import AutoReconnect

from shared.contracts.control import (
    CONTROL_TOPIC,
    ControlMessage,
    ResendAnswered,
    ResendRequested,
    TokenEnded,
    control_from_record,
    control_record,
)
from shared.kernel import clock, ids
from shared.messaging.kafka.producer import KafkaLog
from shared.messaging.outbox.resend import Answers, Requests
from shared.messaging.ports import Incoming
from shared.process.loops import is_stale
from shared.storage import connection
from tests.support import toy
from tests.support.engines import environment
from tests.support.toy_store import _on_the_toy_store  # noqa: F401 - for every test here
from tests.support.waiting import until
from tests.support.worker_loops import running

Message = TypeVar("Message")


def request(group: str = "enrollment.x", topic: str = toy.TOPIC) -> ResendRequested:
    return ResendRequested(request_id=ids.new(), group=group, topic=topic)


def control(message: ControlMessage) -> Incoming:
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
        requests.receive(told(first))
        assert (row()["answered"], row()["after"], row()["page"]) == (True, noon, 2)
    tick(requests, group)
    *_, second = said(broker, ResendRequested)
    assert (second.page, second.after, second.request_id != first) == (2, noon, True)
    requests.receive(told(first))
    assert not row()["answered"], "the answer to the page before says nothing about this one"
    log.close()


def tick(requests: Requests, group: str) -> None:
    requests.tick(group, caught_up=True)


def test_requests_of_long_ago_are_not_answered_when_a_group_reads_the_topic_again() -> None:
    with environment(SCORE_RESEND_REPEAT_SECONDS="10"):
        assert is_stale(clock.now() - timedelta(seconds=301))
        assert not is_stale(clock.now() - timedelta(seconds=299))
        assert not is_stale(None)


def test_tokens_that_ended_here_are_told_and_those_of_others_are_kept(broker) -> None:
    expires = clock.now().replace(microsecond=0) + timedelta(hours=1)
    connection.database()["ended_tokens"].insert_one({"_id": "ours", "expires_at": expires, "untold": True})
    broker.send(control(TokenEnded(digest="theirs", expires_at=expires)))
    with running():
        until(lambda: not connection.database()["ended_tokens"].find_one({"untold": True}), "told")
        until(lambda: connection.database()["ended_tokens"].find_one({"_id": "theirs"}), "heard")
    assert {(one.digest, one.expires_at) for one in said(broker, TokenEnded)} == {
        ("ours", expires),
        ("theirs", expires),
    }
    kept = {row["_id"]: row for row in connection.database()["ended_tokens"].find()}
    assert kept["theirs"] == {"_id": "theirs", "expires_at": expires}, "not to be told again"
    assert kept["ours"] == {"_id": "ours", "expires_at": expires}
