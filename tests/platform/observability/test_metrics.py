"""What operations see of a group and of the store: how late, how stuck, how often begun again."""

from __future__ import annotations

import pytest
from prometheus_client import REGISTRY
from pymongo.errors import OperationFailure

from shared.messaging.ports import OPEN
from shared.storage import connection
from shared.storage.transaction import in_new_transaction
from tests.support import toy
from tests.support.engines import environment
from tests.support.toy_histories import (
    _on_the_toy_store,  # noqa: F401 - for every test here
    await_all,
    histories,
)
from tests.support.waiting import until
from tests.support.worker_loops import running

# kafka-python leaves sockets of refused connections to the garbage collector
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")


def sample(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def test_a_group_tells_how_late_its_effects_are_and_how_often_it_was_dealt_partitions(broker) -> None:
    group = "enrollment.first"
    late, delay = (
        sample("score_event_delay_seconds_count", group=group),
        sample("score_event_delay_seconds_sum", group=group),
    )
    dealt = sample("score_group_rebalances_total", group=group)
    with running(toy.recording(group)):
        await_all(group, histories(2))
    assert sample("score_event_delay_seconds_count", group=group) == late + 6
    assert 0 < sample("score_event_delay_seconds_sum", group=group) - delay < 6 * 60
    assert sample("score_group_rebalances_total", group=group) > dealt


def test_a_group_that_rests_tells_so_and_so_does_what_waits_the_longest(broker) -> None:
    broken, failing = toy.recording("enrollment.broken"), [True]

    def broken_for_now(react):
        def handler(event, about) -> None:
            if failing[0]:
                raise ValueError("a bug")
            react(event, about)

        return handler

    broken.handlers = {event: broken_for_now(react) for event, react in broken.handlers.items()}
    histories(4)
    quick = {"SCORE_RETRY_FIRST_MS": "1", "SCORE_BREAKER_EVENTS": "3", "SCORE_BREAKER_SECONDS": "0.2"}
    stopped = {"group": "enrollment.broken"}
    with environment(**quick), running(broken):
        until(lambda: sample("score_group_breaker_open", **stopped) == 1, "the breaker opens")
        until(lambda: sample("score_parked_oldest_age_seconds", reason="failed") > 0, "the oldest is told")
        failing[0] = False
        until(lambda: sample("score_group_breaker_open", **stopped) == 0, "and closes")
    assert {reason for reason in OPEN if sample("score_parked_keys", reason=reason)} <= {"failed", "gap"}


def test_the_store_tells_how_long_transactions_take_and_how_often_they_are_begun_again() -> None:
    attempts: list[int] = []

    def conflicting() -> None:
        attempts.append(len(attempts))
        connection.database()["partners"].update_one({"_id": "one"}, {"$inc": {"n": 1}}, upsert=True)
        if len(attempts) == 1:
            raise OperationFailure("a conflict", 112, {"errorLabels": ["TransientTransactionError"]})

    def committed() -> float:
        return sample("score_store_transaction_duration_seconds_count", outcome="committed")

    before, retried = committed(), sample("score_store_retries_total")
    in_new_transaction(conflicting)
    assert (committed(), sample("score_store_retries_total")) == (before + 1, retried + 1)
    refused = sample("score_store_transaction_duration_seconds_count", outcome="refused")
    with pytest.raises(ZeroDivisionError):
        in_new_transaction(lambda: 1 / 0)
    assert sample("score_store_transaction_duration_seconds_count", outcome="refused") == refused + 1
