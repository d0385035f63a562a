"""Says where work comes from: the story that it belongs to, and the W3C trace context that it is seen in."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

TRACEPARENT: Final = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


@dataclass(frozen=True, slots=True)
class Trace:
    """The origin of the current work: W3C trace context, the story it belongs to and the event that caused it."""

    correlation_id: UUID
    traceparent: str
    causation_id: UUID | None = None
    request_id: str | None = None


def new_traceparent() -> str:
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"


def next_span(traceparent: str | None) -> str:
    """Return the same trace with a new span, or a new trace where there was none."""
    if not traceparent:
        return new_traceparent()
    version, trace_id, _, flags = traceparent.split("-")[:4]
    return f"{version}-{trace_id}-{secrets.token_hex(8)}-{flags}"


def caused_by(event_id: UUID, trace: Trace) -> Trace:
    """Return the trace of what happens because of an event."""
    return replace(trace, causation_id=event_id, traceparent=next_span(trace.traceparent), request_id=None)
