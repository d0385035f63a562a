"""On whose behalf, and in which story, the current code runs.

The principal decides which rows can be seen (`shared.storage.row_scope`); the trace travels with every event that is
recorded. Both live in context variables: set once at the edge (a request, a record of a topic), read anywhere below.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from uuid import UUID

from shared.kernel import ids


@dataclass(frozen=True, slots=True)
class Principal:
    """Who acts. The ids say what a role is bound to; `name` is for the screen and never stored."""

    subject: str
    role: str
    issuer: str = ""
    institution: UUID | None = None
    trainer: UUID | None = None
    enterprise: UUID | None = None
    sponsor: UUID | None = None
    province: str | None = None
    name: str = ""

    @property
    def id(self) -> UUID:
        """The pseudonym under which a principal appears in events."""
        return ids.derived("principal", self.issuer, self.subject)


SYSTEM = Principal(subject="system", role="system", issuer="score")


@dataclass(frozen=True, slots=True)
class Trace:
    """Where the current work comes from: W3C trace context, the story it belongs to and the event that caused it."""

    correlation_id: UUID
    traceparent: str
    causation_id: UUID | None = None
    request_id: str | None = None


def new_traceparent() -> str:
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"


def next_span(traceparent: str | None) -> str:
    """The same trace, a new span; a new trace where there was none."""
    if not traceparent:
        return new_traceparent()
    version, trace_id, _, flags = traceparent.split("-")[:4]
    return f"{version}-{trace_id}-{secrets.token_hex(8)}-{flags}"


class NoPrincipal(RuntimeError):
    """Data was asked for without saying on whose behalf."""


_principal: ContextVar[Principal | None] = ContextVar("principal", default=None)
_sees_everything: ContextVar[bool] = ContextVar("sees_everything", default=False)
_trace: ContextVar[Trace | None] = ContextVar("trace", default=None)


def current_principal() -> Principal:
    principal = _principal.get()
    if principal is None:
        raise NoPrincipal("no principal: wrap the call in acting_as(...)")
    return principal


def principal_or_none() -> Principal | None:
    return _principal.get()


@contextmanager
def acting_as(principal: Principal) -> Iterator[Principal]:
    token = _principal.set(principal)
    try:
        yield principal
    finally:
        _principal.reset(token)


@contextmanager
def seeing_everything() -> Iterator[None]:
    """Lift the row scope for what a command must consult beyond the caller's own rows; the caller stays who acts."""
    token = _sees_everything.set(True)
    try:
        yield
    finally:
        _sees_everything.reset(token)


def sees_everything() -> bool:
    return _sees_everything.get() or current_principal().role == SYSTEM.role


def current_trace() -> Trace:
    trace = _trace.get()
    return trace or Trace(correlation_id=ids.new(), traceparent=new_traceparent())


def trace_or_none() -> Trace | None:
    return _trace.get()


@contextmanager
def tracing(trace: Trace) -> Iterator[Trace]:
    token = _trace.set(trace)
    try:
        yield trace
    finally:
        _trace.reset(token)


def caused_by(event_id: UUID, trace: Trace) -> Trace:
    """The trace of what happens because of an event."""
    return replace(trace, causation_id=event_id, traceparent=next_span(trace.traceparent), request_id=None)
