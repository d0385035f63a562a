"""The only source of identity.

`new()` is a UUIDv7 (RFC 9562): ordered by time, 74 random bits. `derived()` is a UUIDv5 of a natural key, so that two
creators of the same journey, invoice or letter meet on one id.
"""

from __future__ import annotations

import os
import time
from uuid import UUID, uuid5

NAMESPACE = UUID("5c02e000-0000-5000-8000-000000000001")


def new() -> UUID:
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10), "big")
    value = (milliseconds & (1 << 48) - 1) << 80 | random
    value = value & ~(0xF << 76) | 0x7 << 76
    return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)


def derived(*parts: object) -> UUID:
    return uuid5(NAMESPACE, "|".join(str(part) for part in parts))
