"""Requests on the control topic are answered once, and none is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from pymongo.errors import AutoReconnect

from shared.contracts.control import (
    CONTROL_TOPIC,
    ControlMessage,
    KeysAnswered,
    KeysRequested,
    KeyWanted,
    ResendAnswered,
    ResendRequested,
    TokenEnded,
    control_from_record,
    control_record,
)
from shared.contracts.wire.record import Record
from shared.kernel import clock, ids
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM
from shared.messaging.kafka.producer import KafkaLog
from shared.messaging.outbox.resend import Answers, Requests
from shared.messaging.ports import Gap, Incoming
from shared.messaging.seals import SEAL_HEADER, is_sealed, sealed
from shared.observability import metrics
from shared.process.loops.control import is_stale
from shared.storage import connection
from tests.support import toy
from tests.support.engines import environment
from tests.support.toy_histories import as_if_published, histories
from tests.support.toy_store import _on_the_toy_store  # noqa: F401 - for every test here
from tests.support.waiting import until
from tests.support.worker_loops import running

Message = TypeVar("Message")
THEIRS = "score.finance"  # a topic whose owner does not run here


def request(group: str = "enrollment.x", topic: str = toy.TOPIC) -> ResendRequested:
    return ResendRequested(request_id=ids.new(), group=group, topic=topic)


def control(message: ControlMessage) -> Incoming:
    return incoming(sealed(written(message)))


def written(message: ControlMessage) -> Record:
    return control_record(message, service="enrollment", message_id=ids.new(), time=clock.now())


def incoming(record: Record) -> Incoming:
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


def test_what_no_process_of_ours_has_sealed_changes_nothing(broker) -> None:
    with acting_as(SYSTEM):
        (partner,) = histories(1, 3)
    as_if_published()
    group, log = "enrollment.x", KafkaLog("requests")
    requests = Requests("enrollment", log)
    requests.ask(group, THEIRS)
    requests.ask_for_gaps(group, THEIRS, [Gap(THEIRS, partner, 4)])
    requests.tick(group, caught_up=True)
    before = state()
    whole, keys = (row["request_id"] for row in connection.database()["resends"].find().sort("_id", 1))
    forged: list[ControlMessage] = [
        request(),
        KeysRequested(request_id=ids.new(), group=group, topic=toy.TOPIC, wanted=(KeyWanted(key=partner),)),
        ResendAnswered(request_id=whole, group=group, topic=THEIRS, done=True, sent=0),
        KeysAnswered(request_id=keys, group=group, topic=THEIRS, sent=0, unknown=(partner,)),
        TokenEnded(digest="forged", expires_at=clock.now().replace(microsecond=0) + timedelta(hours=1)),
    ]
    seal = (SEAL_HEADER, dict(sealed(written(request())).headers)[SEAL_HEADER])
    heard = metrics.UNSEALED.labels("control")._value.get()
    for message in forged:
        for record in (written(message), with_header(written(message), seal), twice_sealed(written(message))):
            broker.send(incoming(record))
    with running(control=False, relay=False) as loops:
        loops.control()
        until(lambda: metrics.UNSEALED.labels("control")._value.get() == heard + 3 * len(forged), "all are heard")
    assert state() == before
    assert said(broker, ResendAnswered) == [message for message in forged if isinstance(message, ResendAnswered)] * 3
    log.close()


def state() -> list[object]:
    return [list(connection.database()[name].find()) for name in ("resends", "ended_tokens", "pending", "parked")]


def with_header(record: Record, header: tuple[str, bytes]) -> Record:
    return record._replace(headers=[*record.headers, header])


def twice_sealed(record: Record) -> Record:
    """Change a message behind its seal."""
    genuine = sealed(record)
    return genuine._replace(headers=[*genuine.headers, ("ce_later", b"more")])


def test_a_copy_of_a_message_is_not_answered_again(broker) -> None:
    mine, other, later = control(request()), request(), request()
    for record in (mine, control(other), mine, control(later), mine):
        broker.send(record)
    with running():
        until(lambda: later.request_id in answered(broker), "all are read")
        again = request()
        broker.send(mine)
        broker.send(control(again))
        until(lambda: again.request_id in answered(broker), "those of later too")
    assert len(answered(broker)) == 4


def test_a_seal_is_of_the_whole_message() -> None:
    record = sealed(written(request()))
    assert is_sealed(record)
    assert not is_sealed(record._replace(key=b"enrollment.y"))
    assert not is_sealed(record._replace(value=(record.value or b"") + b" "))
    assert not is_sealed(record._replace(headers=record.headers[1:]))
    assert not is_sealed(record._replace(headers=[*record.headers, record.headers[-1]]))
