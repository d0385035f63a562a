"""Takes the ids of request, trace and story from a call's headers when they are well formed, and makes them otherwise.

`X-Request-ID` and `X-Correlation-ID` come back on the answer, `traceparent` with the span of this service.
"""

from __future__ import annotations

import re
from typing import Final
from uuid import UUID

from flask import Request, Response

from shared.kernel import ids
from shared.kernel.context import current_trace
from shared.kernel.trace import TRACEPARENT, Trace, next_span

_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/+=-]{0,127}")


def trace_of(request: Request) -> Trace:
    request_id = request.headers.get("X-Request-ID", "")
    traceparent = request.headers.get("traceparent", "")
    return Trace(
        correlation_id=_correlation_id(request.headers.get("X-Correlation-ID", "")),
        traceparent=next_span(traceparent if TRACEPARENT.fullmatch(traceparent) else None),
        request_id=request_id if _REQUEST_ID.fullmatch(request_id) else str(ids.new()),
    )


def echo(response: Response) -> Response:
    trace = current_trace()
    response.headers["X-Request-ID"] = trace.request_id or ""
    response.headers["X-Correlation-ID"] = str(trace.correlation_id)
    response.headers["traceparent"] = trace.traceparent
    return response


def _correlation_id(header: str) -> UUID:
    try:
        return UUID(header)
    except ValueError:
        return ids.new()
