"""Too many failures in a row open the breaker instead of parking the world."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.messaging.errors import BreakerOpen
from tests.support.memory_group import KEYS, Group, boom, failing_at, garbage, incoming, nth, records


def test_too_many_failures_in_a_row_open_the_breaker_and_park_no_more(group: Group) -> None:
    group.before = boom
    many = records(*((key, 1) for key in KEYS), *((key, 2) for key in KEYS))
    with pytest.raises(BreakerOpen):
        group.deliver(many)
    assert len(group.parked()) == group.policy.breaker - 1
    for _ in range(20):
        with pytest.raises(BreakerOpen):
            group.deliver(many)
    assert len(group.parked()) == group.policy.breaker - 1, "an open breaker parks nothing more"
    group.before = lambda *_: None
    assert "applied" in group.deliver(many)
    group.before = failing_at((KEYS[0], 3))
    assert group.deliver(records((KEYS[0], 3), (KEYS[4], 3)))[-1] == "applied", "closed again"


def test_a_breaker_that_opened_does_not_condemn_the_record_that_opened_it(group: Group) -> None:
    group.before = boom
    many = records(*((key, 1) for key in KEYS))
    for _ in range(6):
        with pytest.raises(BreakerOpen):
            group.deliver(many)
    group.before = lambda *_: None
    group.restart()
    group.delivery.assigned([("score.enrollment", 0)])
    assert group.deliver(many)[-1] == "applied"


def test_many_unreadable_bodies_open_the_breaker_but_garbage_does_not(group: Group) -> None:
    group.deliver([garbage(offset) for offset in range(20)])
    with pytest.raises(BreakerOpen):
        group.deliver([replace(incoming(nth(key, 1), 50), value=b"{}") for key in KEYS])
