"""Counting requests: windows that end, callers who do not share, a shared storage that goes away and comes back."""

from __future__ import annotations

import itertools
import time
from types import SimpleNamespace
from typing import Any

import pytest
from limits import parse
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from shared.access import rate_limit
from shared.access.errors import TooManyRequests
from shared.access.rate_limit import Limit, Windows


class Shared(Windows):
    """A storage elsewhere that can be away."""

    STORAGE_SCHEME = ["elsewhere"]  # noqa: RUF012 - as the library declares it
    away = False

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        if Shared.away:
            raise ValueError("away")
        return super().incr(key, expiry, amount)


def accepted(limit: Limit, caller: str, times: int) -> int:
    passed = 0
    for _ in range(times):
        try:
            limit.refuse_if_exceeded(caller)
        except TooManyRequests:
            continue
        passed += 1
    return passed


def test_a_window_ends_and_another_begins() -> None:
    now = [100.0]
    limiter, rate = FixedWindowRateLimiter(Windows(seconds=lambda: now[0])), parse("2 per minute")
    assert [limiter.hit(rate, "a") for _ in range(3)] == [True, True, False]
    assert limiter.hit(rate, "b")
    assert limiter.get_window_stats(rate, "a") == (160.0, 0)
    now[0] = 159.9
    assert not limiter.hit(rate, "a")
    now[0] = 160.0
    assert limiter.get_window_stats(rate, "a").remaining == 2
    assert [limiter.hit(rate, "a") for _ in range(3)] == [True, True, False]


def test_windows_that_ended_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limit, "SWEEP_EVERY", 10)
    now = [0.0]
    windows = Windows(seconds=lambda: now[0])
    for number in range(1_000):
        now[0] += 1.0
        windows.incr(str(number), expiry=5)
    assert windows.reset() <= 20


def test_the_refused_are_told_when_to_come_back() -> None:
    limit = Limit(parse("1 per hour"), "memory://")
    limit.refuse_if_exceeded("a")
    with pytest.raises(TooManyRequests) as refused:
        limit.refuse_if_exceeded("a")
    assert 3_590 <= int(refused.value.headers["Retry-After"]) <= 3_601


def test_without_the_shared_storage_each_process_counts_until_it_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    past_the_pause = itertools.count(1_000.0, 2 * rate_limit.RETRY_SECONDS)
    monkeypatch.setattr(rate_limit, "time", SimpleNamespace(monotonic=lambda: next(past_the_pause), time=time.time))
    monkeypatch.setattr(Shared, "away", False)
    shared: Any = storage_from_string("elsewhere://", wrap_exceptions=True)
    monkeypatch.setattr(rate_limit, "storage_from_string", lambda *_, **__: shared)
    here, there = (Limit(parse("3 per hour"), "elsewhere://") for _ in range(2))
    assert accepted(here, "a", 2) + accepted(there, "a", 2) == 3
    monkeypatch.setattr(Shared, "away", True)
    assert (accepted(here, "a", 5), accepted(there, "a", 5)) == (3, 3)
    monkeypatch.setattr(Shared, "away", False)
    assert (accepted(here, "a", 1), accepted(there, "b", 5)) == (0, 3)
