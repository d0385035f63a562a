"""One JSON line per thing that happened, on standard output.

Request, trace, correlation and causation ids are added from the context. Fields that name personal data are masked
whatever the caller passes. Lines of libraries go through the same formatter.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog
from structlog.typing import FilteringBoundLogger

from shared.kernel import context
from shared.kernel.settings.current import settings

PERSONAL = frozenset({"name", "email", "phone", "address", "npwp", "nik", "token", "authorization", "recipient"})


def get(module: str) -> FilteringBoundLogger:
    return structlog.get_logger(module)  # type: ignore[no-any-return]


def configure(service: str, role: str) -> None:
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        _add_context,
        _mask_personal,
        structlog.processors.format_exc_info,
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if settings().log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, settings().log_level)),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings().log_level)
    for noisy in ("kafka", "pymongo", "werkzeug", "urllib3"):
        logging.getLogger(noisy).setLevel(logging.ERROR if noisy == "kafka" else logging.WARNING)
    structlog.contextvars.bind_contextvars(service=service, process=role)


def _add_context(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    trace = context.trace_or_none()
    if trace is not None:
        event.setdefault("correlation", str(trace.correlation_id))
        event.setdefault("trace", trace.traceparent.split("-")[1])
        if trace.causation_id is not None:
            event.setdefault("causation", str(trace.causation_id))
        if trace.request_id is not None:
            event.setdefault("request", trace.request_id)
    return event


def _mask_personal(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key in event.keys() & PERSONAL:
        event[key] = "***"
    return event
