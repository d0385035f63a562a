"""Makes the record of what a group parks, and its row in the store."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from shared.contracts.envelope import Envelope
from shared.messaging.errors import HistoryConflict, NewerVersion, WaitFor
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
    match error:
        case NewerVersion():
            return "newer-version"
        case HistoryConflict():
            return "diverged"
        case _:
            return "other"


def asks_after_a_no(asks: int, most: int) -> int:
    """Return how often an owner that has just said that it has nothing counts as asked, of `most` times.

    Each time is twice as far from the one before. So it is asked once more after minutes, and for the last time after hours.
    """
    return min(max(asks + most // 3, most // 2), most - 1)


def place_of(group: str, record: Incoming) -> str:
    return f"{group}|{record.topic}|{record.partition}|{record.offset}"


def parked_id(group: str, parked: Parked) -> str:
    """Name the row: by the place in its key's history, and by the event where another one has that place."""
    if parked.key is None:
        return place_of(group, parked.record)
    place = f"{group}|{parked.record.topic}|{parked.key}|{parked.sequence}"
    return f"{place}|{parked.event_id}" if parked.aside else place


def row_of(group: str, parked: Parked) -> dict[str, Any]:
    record = parked.record
    return {
        "_id": parked_id(group, parked),
        "group": group,
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "record_key": record.key,
        "headers": [[name, value] for name, value in record.headers],
        "value": record.value,
        "key": parked.key,
        "sequence": parked.sequence,
        "reason": parked.reason,
        "detail": parked.detail[:2000],
        "event_id": parked.event_id,
        "event_type": parked.event_type,
        "waiting_for": parked.waiting_for,
        "tries": parked.tries,
        "parked_at": parked.parked_at,
        "next_try_at": parked.next_try_at,
        "applied": parked.applied,
        "failure": parked.failure,
        "aside": parked.aside,
        "is_owners": parked.is_owners,
        "asks": parked.asks,
    }


def parked_of(row: dict[str, Any]) -> Parked:
    record = Incoming(
        row["topic"],
        row["partition"],
        row["offset"],
        row["record_key"],
        [(name, bytes(value)) for name, value in row["headers"]],
        row["value"],
    )
    return Parked(
        record=record,
        key=row["key"],
        sequence=row["sequence"],
        reason=row["reason"],
        detail=row["detail"],
        parked_at=row["parked_at"],
        event_id=row["event_id"],
        event_type=row["event_type"],
        waiting_for=row["waiting_for"],
        tries=row["tries"],
        next_try_at=row.get("next_try_at"),
        applied=row["applied"],
        failure=row.get("failure") or _failure_told(row["detail"]),
        aside=row.get("aside", False),
        is_owners=row.get("is_owners", False),
        asks=row.get("asks", 0),
    )


def _failure_told(detail: str) -> Failure:
    """Return what failed by the words of a row that was parked before rows said it with a code."""
    return "newer-version" if detail.startswith("NewerVersion: ") else "other"
