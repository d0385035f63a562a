"""What is missing is asked for, and the owner sends it again page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from shared.contracts.control import CONTROL_TOPIC, KeysRequested, ResendAnswered, ResendRequested, control_from_record
from shared.kernel import ids
from shared.kernel.settings.current import settings
from shared.messaging.outbox import events
from shared.messaging.outbox.resend import patience_with
from shared.storage import connection
from tests.support import toy
from tests.support.engines import environment
from tests.support.toy_histories import (
    _on_the_toy_store,  # noqa: F401 - for every test here
    as_if_published,
    await_all,
    forget,
    histories,
)
from tests.support.waiting import until
from tests.support.worker_loops import all_sent, running

# kafka-python leaves sockets of refused connections to the garbage collector
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")


def test_a_gap_closes_by_asking_the_owner(broker) -> None:
    (partner,) = histories(1, 6)
    rows = as_if_published()
    broker.log.publish([events.outgoing_of(row) for row in rows if row["sequence"] in (1, 3, 6)])
    with running(toy.recording("enrollment.first")):
        await_all("enrollment.first", [partner], 6)
        until(lambda: connection.database()["resends"].count_documents({}) == 0, "no request is left open")
    assert connection.database()["parked"].count_documents({}) == 0


def test_many_gaps_of_a_topic_are_asked_for_at_once(broker) -> None:
    partners = histories(5, 3)
    broker.log.publish([events.outgoing_of(row) for row in as_if_published() if row["sequence"] != 2])
    with running(toy.recording("enrollment.first"), relay=False, control=False) as loops:
        until(lambda: connection.database()["parked"].count_documents({}) == 5, "all of them have gaps")
        until(lambda: connection.database()["parked"].count_documents({"asks": 0}) == 0, "all are asked for")
        loops.relay()
        loops.control()
        await_all("enrollment.first", partners, 3)
    assert len(asked_for(broker, partners)) < len(partners)


def test_an_owner_that_knows_of_nothing_is_asked_once_and_then_after_minutes(broker) -> None:
    (partner,) = histories(1, 2)
    first, last = [events.outgoing_of(row) for row in as_if_published()]
    headers = [(name, b"7" if name == "ce_sequence" else value) for name, value in last.headers]
    broker.log.publish([first, replace(last, headers=headers)])
    connection.database()["outbox"].delete_one({"sequence": 2})
    parked = connection.database()["parked"]
    with running(toy.recording("enrollment.first")):
        until(lambda: parked.find_one({"asks": {"$gte": 6}}), "the owner has nothing, and has said so")
        until(lambda: connection.database()["resends"].count_documents({}) == 0, "no request is left open")
    row, gap_seconds = parked.find_one({}), settings().gap_seconds
    assert row["ask_at"] >= row["parked_at"] + timedelta(seconds=gap_seconds * 60)
    assert len(asked_for(broker, [partner])) == 1


def asked_for(broker, keys: Sequence[UUID]) -> list[KeysRequested]:
    said = [control_from_record(r.key, r.headers, r.value) for r in broker.records(CONTROL_TOPIC)]
    asked = [message for message in said if isinstance(message, KeysRequested)]
    assert {one.key for message in asked for one in message.wanted} == set(keys)
    return asked


def test_the_owner_says_which_of_two_events_is_true(broker) -> None:
    (partner,) = histories(1, 6)
    first, *rest = [events.outgoing_of(row) for row in as_if_published()]
    forged_id = ids.new()
    headers = [(name, str(forged_id).encode() if name == "ce_id" else value) for name, value in rest[0].headers]
    forged = replace(rest[0], event_id=forged_id, headers=headers)
    broker.log.publish([first, forged, *rest])
    with running(toy.recording("enrollment.first")):
        until(lambda: toy.effects("enrollment.first")[-1:] == [(partner, 6)], "the key goes on")
        until(lambda: connection.database()["resends"].count_documents({}) == 0, "no request is left open")
    assert [sequence for _, sequence in toy.effects("enrollment.first")] == [1, 2, 2, 3, 4, 5, 6]
    (left,) = connection.database()["parked"].find({})
    assert (left["failure"], left["event_id"]) == ("forged", forged_id)


def test_requests_that_nobody_answers_come_ever_less_often(broker) -> None:
    group = toy.recording("enrollment.first")
    with (
        environment(SCORE_RESEND_REPEAT_SECONDS="0.05", SCORE_RESEND_REPEAT_MAX_SECONDS="0.4"),
        running(group, relay=False, control=False) as loops,
    ):
        loops.requests.ask(group.group, toy.TOPIC, ids.new())
        rows = connection.database()["resends"]
        until(lambda: rows.find_one({"repeats": {"$gte": 4}}), "it was repeated some times")
        assert patience_with(rows.find_one({})).total_seconds() == 0.4
    asked = [control_from_record(r.key, r.headers, r.value) for r in broker.records(CONTROL_TOPIC)]
    assert len({message.request_id for message in asked if isinstance(message, ResendRequested)}) == 1


def test_a_key_that_waits_for_an_operator_is_not_asked_for(broker) -> None:
    (partner,) = histories(1, 3)
    group = toy.recording("enrollment.first")

    def fail(*_: object) -> None:
        raise ValueError("a bug")

    group.handlers = dict.fromkeys(group.handlers, fail)
    with environment(SCORE_RETRY_FIRST_MS="1"), running(group):
        until(lambda: connection.database()["parked"].count_documents({}) == 3, "one failed, two behind it")
        other = toy.recording("enrollment.other")
        with running(other, relay=False, control=False) as loops:
            loops.requests.ask("enrollment.other", toy.TOPIC, ids.new())
            until(lambda: connection.database()["resends"].count_documents({}) == 0, "another request was answered")
        asked = [control_from_record(r.key, r.headers, r.value) for r in broker.records(CONTROL_TOPIC)]
    assert {message.group for message in asked if message} == {"enrollment.other"}
    assert partner


def test_history_below_the_start_of_the_log_arrives_page_by_page(broker) -> None:
    partners = histories(6)
    with running():
        until(all_sent, "everything is published")
        forget(broker, toy.TOPIC)
        with running(toy.recording("enrollment.late"), relay=False, control=False):
            await_all("enrollment.late", partners)
            until(lambda: connection.database()["resends"].count_documents({}) == 0, "the request is closed")
        answers = [control_from_record(r.key, r.headers, r.value) for r in broker.records(CONTROL_TOPIC)]
    pages = [answer for answer in answers if isinstance(answer, ResendAnswered)]
    assert len(pages) >= 4
    assert [answer.done for answer in pages].count(True) >= 1
