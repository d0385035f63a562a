"""What is missing is asked for, and the owner sends it again page by page."""

from __future__ import annotations

import pytest

from shared.contracts.control import CONTROL_TOPIC, ResendAnswered, control_from_record
from shared.kernel import ids
from shared.messaging.outbox import events
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
