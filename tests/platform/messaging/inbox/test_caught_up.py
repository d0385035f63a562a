"""Figures are current when the group that keeps them is: it has its partitions, has read to their ends and parked nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shared.kernel import ids
from shared.messaging.inbox.backlog import is_caught_up
from shared.messaging.inbox.parked import parked_record
from shared.messaging.ports import Reason
from shared.observability import metrics
from tests.support import port_pairs, toy
from tests.support.fixture_types import Stores
from tests.support.memory_group import START, incoming, nth
from tests.support.port_pairs import A

GROUP = "toy.group"


@pytest.fixture
def inn(store: Stores) -> Iterator[port_pairs.InboxUnderTest]:
    store(toy.SERVICE)
    yield port_pairs.mongo_inbox()
    metrics.forget_group(GROUP)


def note(*, assigned: int, lag: int) -> None:
    metrics.GROUP_ASSIGNED.labels(GROUP).set(assigned)
    metrics.CONSUMER_LAG.labels(GROUP).set(lag)


def test_a_group_is_caught_up_when_it_stands_at_the_end(inn: port_pairs.InboxUnderTest) -> None:
    assert not is_caught_up(GROUP), "it has not run in this process"
    for assigned, lag, expected in ((0, 0, False), (1, 3, False), (1, 0, True)):
        note(assigned=assigned, lag=lag)
        assert is_caught_up(GROUP) is expected, (assigned, lag)
    assert not is_caught_up(str(ids.new())), "another group's place says nothing of this one"


@pytest.mark.parametrize("reason", ["failed", "waiting", "gap"])
def test_a_group_that_has_parked_something_is_not_caught_up(inn: port_pairs.InboxUnderTest, reason: Reason) -> None:
    note(assigned=1, lag=0)
    told = nth(A, 3)
    parked = parked_record(incoming(told, 3), told, reason, "for a test", START)
    inn.inbox.transaction(lambda: inn.inbox.park(parked))
    assert not is_caught_up(GROUP)
    inn.inbox.transaction(lambda: inn.inbox.discard(parked, "agreed", START))
    assert is_caught_up(GROUP)
