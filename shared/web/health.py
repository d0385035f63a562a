"""Answers `/health/live` (the process runs), `/health/ready` (it can work now; names each dependency) and `/metrics`.

A process that drains answers 503 on ready, so that nobody sends it more, and stays alive until it is done. Each
dependency brings its own check: a callable that raises when it does not answer.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from threading import Event
from typing import Final

import orjson
from flask import Flask, Response
from prometheus_client import CONTENT_TYPE_LATEST
from pymongo import timeout

from shared.access.permissions import PUBLIC, declare
from shared.observability import logs, metrics
from shared.storage import connection
from shared.web.answer import JSON

CHECK_SECONDS: Final = 2.0
DRAINING: Final = "score.draining"
PATHS: Final = frozenset({"/health/live", "/health/ready", "/metrics"})
Check = Callable[[], None]

log = logs.get(__name__)


def begin_draining(app: Flask) -> None:
    """Answer from now on that this process is not ready. Its server calls it when it is told to stop."""
    app.extensions[DRAINING].set()


def install(app: Flask, checks: dict[str, Check] | None = None) -> None:
    """Add the routes; `checks` adds to the store's check: a name and a callable that raises."""
    draining = app.extensions[DRAINING] = Event()
    all_checks: dict[str, Check] = {"store": connection.require_working, **(checks or {})}

    def live() -> Response:
        return _answer({"status": "live"})

    def ready() -> Response:
        failing = [name for name, check in all_checks.items() if not _passes(name, check)]
        states = {name: "failing" if name in failing else "ok" for name in all_checks}
        if draining.is_set():
            return _answer({"status": "draining", "dependencies": states}, HTTPStatus.SERVICE_UNAVAILABLE)
        if failing:
            return _answer({"status": "not ready", "dependencies": states}, HTTPStatus.SERVICE_UNAVAILABLE)
        return _answer({"status": "ready", "dependencies": states})

    def scrape() -> Response:
        return Response(metrics.scrape(), content_type=CONTENT_TYPE_LATEST)

    for path, view in (("/health/live", live), ("/health/ready", ready), ("/metrics", scrape)):
        endpoint = f"health_{view.__name__}"
        app.add_url_rule(path, endpoint, view)
        declare(app, endpoint, PUBLIC)


def _passes(name: str, check: Check) -> bool:
    try:
        with timeout(CHECK_SECONDS):
            check()
    except Exception as error:  # noqa: BLE001 - whatever a dependency raises means that it does not answer
        log.warning("dependency fails", dependency=name, error=type(error).__name__)
        return False
    return True


def _answer(document: dict[str, object], status: int = HTTPStatus.OK) -> Response:
    return Response(orjson.dumps(document), status=status, content_type=JSON)
