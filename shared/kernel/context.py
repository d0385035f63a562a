"""On whose behalf, and in which story, the current code runs.

The principal decides which rows can be seen (`shared.storage.row_scope`); the trace travels with every event that is
recorded. Both live in context variables: set once at the edge (a request, a record of a topic), read by commands, queries
and edges. Models take what they need as arguments.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from shared.kernel import ids
from shared.kernel.principal import SYSTEM, Principal
from shared.kernel.trace import Trace, new_traceparent


class NoPrincipal(RuntimeError):
    """Data was asked for without saying on whose behalf."""


_principal: ContextVar[Principal | None] = ContextVar("principal", default=None)
_unscoped_for: ContextVar[str] = ContextVar("unscoped_for", default="")
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
def unscoped(reason: str) -> Iterator[None]:
    """Lift the row scope for a query that must look beyond the caller's own rows; the caller stays who acts.

    The reason says in words why the answer gives nothing away, or why it may.
    """
    if not reason:
        raise ValueError("the row scope is lifted for a reason only")
    token = _unscoped_for.set(reason)
    try:
        yield
    finally:
        _unscoped_for.reset(token)


def sees_everything() -> bool:
    return bool(_unscoped_for.get()) or current_principal().role == SYSTEM.role


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
