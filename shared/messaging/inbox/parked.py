"""Makes the record of what a group parks."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from shared.contracts.envelope import Envelope
from shared.messaging.errors import NewerVersion, WaitFor
from shared.messaging.ports import Failure, Incoming, Parked, Reason


def parked_record(
    record: Incoming,
    envelope: Envelope,
    reason: Reason,
    detail: str,
    now: datetime,
    *,
    waiting_for: str = "",
    first_pause: float = 0.0,
) -> Parked:
    """Make the row of a record that has a place in its key's history."""
    return Parked(
        record=record,
        key=envelope.key,
        sequence=envelope.sequence,
        reason=reason,
        detail=detail,
        parked_at=now,
        event_id=envelope.id,
        event_type=envelope.type,
        waiting_for=waiting_for,
        tries=1,
        next_try_at=now + timedelta(seconds=first_pause) if reason == "waiting" else None,
    )


def undecodable_record(record: Incoming, detail: str, now: datetime) -> Parked:
    """Make the row of garbage or of a party. It blocks nobody: it has no key, and is kept under its place in the log."""
    return Parked(record=record, key=None, sequence=record.offset, reason="failed", detail=detail, parked_at=now)


def failed_record(
    record: Incoming, envelope: Envelope | None, error: Exception, now: datetime, first_pause: float
) -> Parked:
    """Make the row of a record that this error kept from being applied: it waits for what the error names, or has failed."""
    detail = f"{type(error).__name__}: {error}"
    if envelope is None:
        return undecodable_record(record, detail, now)
    if not isinstance(error, WaitFor):
        return replace(parked_record(record, envelope, "failed", detail, now), failure=failure_of(error))
    waiting_for = error.waiting_for
    return parked_record(record, envelope, "waiting", str(error), now, waiting_for=waiting_for, first_pause=first_pause)


def failure_of(error: Exception) -> Failure:
    return "newer-version" if isinstance(error, NewerVersion) else "other"
