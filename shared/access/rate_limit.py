"""Lets a caller ask a service so often in a while, and tells who asks more when to come back.

The count belongs to the institution of the token, without one to the person; on pages to the visitor, so that nobody who
asks without a token uses up what is somebody's; without either to the client's address. With a shared storage that fails,
each process counts by itself until it is back.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection
from typing import Any, Final, TypeAlias

from flask import Flask, Response, current_app, g, request
from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter

from shared.access.addresses import client_of
from shared.access.errors import TooManyRequests
from shared.kernel.errors import Unavailable
from shared.kernel.principal import Principal
from shared.kernel.settings.current import settings
from shared.observability import logs

STATIC: Final = "static"
VISITOR: Final = "score.visitor"  # the extension that finds out who looks at a page
IN_PROCESS: Final = "memory://"
RETRY_SECONDS: Final = 5.0
SWEEP_EVERY: Final = 10_000  # new windows
TOLD: Final = ("Limit", "Remaining", "Reset")

Recognise: TypeAlias = Callable[[], Principal | None]

log = logs.get(__name__)


class Windows(Storage):
    """Keeps the counts of this process. The library's own ones in memory start a thread for each request."""

    STORAGE_SCHEME = ["process"]  # noqa: RUF012 - as the library declares it

    def __init__(self, uri: str | None = None, seconds: Callable[[], float] = time.time, **options: Any) -> None:
        super().__init__(uri, **options)
        self._seconds = seconds
        self._lock = threading.Lock()
        self._windows: dict[str, tuple[float, int]] = {}  # when it ends, what was counted
        self._sweep_at = SWEEP_EVERY

    @property
    def base_exceptions(self) -> type[Exception]:
        return ValueError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        now = self._seconds()
        with self._lock:
            end, count = self._windows.get(key, (0.0, 0))
            if end <= now:
                end, count = now + expiry, 0
                self._sweep(now)
            self._windows[key] = end, count + amount
            return count + amount

    def get(self, key: str) -> int:
        end, count = self._windows.get(key, (0.0, 0))
        return count if end > self._seconds() else 0

    def get_expiry(self, key: str) -> float:
        return self._windows.get(key, (self._seconds(), 0))[0]

    def check(self) -> bool:
        return True

    def reset(self) -> int:
        with self._lock:
            forgotten, self._windows = len(self._windows), {}
            return forgotten

    def clear(self, key: str) -> None:
        with self._lock:
            self._windows.pop(key, None)

    def _sweep(self, now: float) -> None:
        """Forget ended windows, so that callers who come once are not remembered for ever."""
        if len(self._windows) >= self._sweep_at:
            self._windows = {key: window for key, window in self._windows.items() if window[0] > now}
            self._sweep_at = len(self._windows) + SWEEP_EVERY


class Limit:
    """Allows every caller one rate, counted in a storage, and in this process while that storage is away."""

    def __init__(self, rate: RateLimitItem, storage: str) -> None:
        self._rate = rate
        self._own = FixedWindowRateLimiter(Windows())
        self._shared = None if storage == IN_PROCESS else _limiter_over(storage)
        self._shared_again_at = 0.0

    def refuse_if_exceeded(self, caller: str) -> dict[str, str]:
        """Count a request; raise `TooManyRequests` when it is one too many. Return what a caller is told of the limit."""
        if self._shared is not None and time.monotonic() >= self._shared_again_at:
            try:
                return self._count(self._shared, caller)
            except StorageError as away:
                self._shared_again_at = time.monotonic() + RETRY_SECONDS
                log.warning("rate limits are counted by this process alone", error=type(away.args[0]).__name__)
        return self._count(self._own, caller)

    def _count(self, limiter: FixedWindowRateLimiter, caller: str) -> dict[str, str]:
        allowed = limiter.hit(self._rate, caller)
        window = limiter.get_window_stats(self._rate, caller)
        seconds = max(1, int(window.reset_time - time.time()) + 1)
        told = (self._rate.amount, window.remaining, seconds)
        headers = {f"RateLimit-{name}": str(number) for name, number in zip(TOLD, told, strict=True)}
        if not allowed:
            refused = TooManyRequests(seconds)
            refused.headers |= headers
            raise refused
        return headers


def install(app: Flask, exempt: Collection[str]) -> None:
    """Count requests after the step that finds out who is calling, before the views; those of paths in `exempt` never."""
    limit = Limit(parse(settings().rate_limit), settings().rate_limit_storage)

    def check() -> None:
        if request.path not in exempt and not _is_static():
            g.rate_limit = limit.refuse_if_exceeded(_caller())

    def tell(response: Response) -> Response:
        response.headers.update(g.get("rate_limit", {}))
        return response

    app.before_request(check)
    app.after_request(tell)


def _limiter_over(storage: str) -> FixedWindowRateLimiter:
    return FixedWindowRateLimiter(storage_from_string(storage, wrap_exceptions=True))


def _caller() -> str:
    principal: Principal | None = g.get("principal")
    if principal is not None and principal.institution is not None:
        return f"institution:{principal.institution}"
    person = principal or _visitor()
    return f"address:{client_of(request)}" if person is None else f"person:{person.id}"


def _visitor() -> Principal | None:
    """Return who looks at a page, where the service has pages."""
    recognise: Recognise | None = current_app.extensions.get(VISITOR)
    try:
        return recognise() if recognise is not None else None
    except Unavailable:  # the view says so
        return None


def _is_static() -> bool:
    return (request.endpoint or "").endswith(STATIC)
