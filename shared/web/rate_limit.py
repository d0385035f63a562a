"""So many requests of one institution to one service in a while; the next one is told when to come back.

The count belongs to the institution of the token, without one to the person, without a token to the address. With a
shared storage that fails, each process counts by itself until it is back.
"""

from __future__ import annotations

import time
from typing import Final

from flask import Flask, Response, g, request
from flask_limiter import Limiter, RequestLimit

from shared.errors import TooManyRequests
from shared.runtime.context import Principal
from shared.runtime.settings import settings
from shared.web.health import PATHS
from shared.web.problems import response_of

STATIC: Final = "static"


def install(app: Flask) -> None:
    """After the step that finds out who is calling, before the views."""
    config = settings()
    remote = config.rate_limit_storage != "memory://"
    limiter = Limiter(
        _caller,
        application_limits=[config.rate_limit],
        storage_uri=config.rate_limit_storage,
        strategy="fixed-window",
        headers_enabled=False,
        in_memory_fallback_enabled=remote,
        on_breach=_refusal,
    )
    limiter.request_filter(_exempt)
    limiter.init_app(app)


def _caller() -> str:
    principal: Principal | None = g.get("principal")
    if principal is None:
        return f"address:{request.remote_addr}"
    return f"institution:{principal.institution}" if principal.institution else f"person:{principal.id}"


def _exempt() -> bool:
    return request.path in PATHS or request.endpoint is None or request.endpoint.endswith(STATIC)


def _refusal(limit: RequestLimit) -> Response:
    return response_of(TooManyRequests(max(1, int(limit.reset_at - time.time()) + 1)))
