"""The only source of identity.

`new()` is a UUIDv7 (RFC 9562): ordered by time, 74 random bits. `derived()` is a UUIDv5 of a natural key, so that two
creators of the same journey, invoice or letter meet on one id.
"""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from uuid import UUID, uuid5

NAMESPACE = UUID("5c02e000-0000-5000-8000-000000000001")
OF_TIME = 7  # the version of UUID that says when it was made
BEYOND = 253_402_300_800_000  # milliseconds until the year 10000, which no calendar here knows


def new() -> UUID:
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10), "big")
    value = (milliseconds & (1 << 48) - 1) << 80 | random
    value = value & ~(0xF << 76) | 0x7 << 76
    return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)


def derived(*parts: object) -> UUID:
    return uuid5(NAMESPACE, "|".join(str(part) for part in parts))


def made_at(row_id: UUID) -> datetime | None:
    """Return when an id was made, by the clock that `new` reads; None of one that does not say it, or nothing possible."""
    milliseconds = row_id.int >> 80
    says_it = row_id.version == OF_TIME and milliseconds < BEYOND
    return datetime.fromtimestamp(milliseconds / 1_000, UTC) if says_it else None


def present() -> datetime:
    """Return the present by the clock that `new` reads, which no setting shifts."""
    return datetime.now(UTC)
