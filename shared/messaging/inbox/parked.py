"""Makes the record of what a group parks."""

from __future__ import annotations

from datetime import datetime, timedelta

from shared.contracts.envelope import Envelope
from shared.messaging.ports import Incoming, Parked, Reason


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
    """Garbage blocks nobody: it has no key, and is kept under its place in the log."""
    return Parked(record=record, key=None, sequence=record.offset, reason="failed", detail=detail, parked_at=now)
