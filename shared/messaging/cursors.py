"""How far a group is with one key, and which events brought it there.

Of the newest ones ids and digests are kept, of what came before fingerprints: another event at a place that was passed is
told from a copy of the one that was applied.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from shared.contracts.envelope import Envelope

RECENT: Final = 16
REMEMBERED: Final = 1024  # events of a key, before the recent ones, of which it is known which one was applied
PRINT: Final = 8  # bytes of a fingerprint


@dataclass(slots=True)
class Cursor:
    """How far a group is with one key: the last sequence applied, the newest ids with body digests, how many are parked.

    `older` holds fingerprints of what was applied before the recent ones. `doubt` is the id of the request by which the
    owner is asked for the key's history, since `doubted` is the first place that was heard to be two events: from there on
    everything waits for the answer.
    """

    topic: str
    key: UUID
    sequence: int = 0
    recent: list[tuple[UUID, str]] = field(default_factory=list)
    parked: int = 0
    older: bytes = b""
    doubt: UUID | None = None
    doubted: int = 0

    def advance(self, envelope: Envelope) -> None:
        self.sequence = envelope.sequence
        leaving = self.recent[: len(self.recent) + 1 - RECENT] if len(self.recent) >= RECENT else []
        self.older = (self.older + b"".join(fingerprint(*pair) for pair in leaving))[-REMEMBERED * PRINT :]
        self.recent = [*self.recent, (envelope.id, envelope.digest())][-RECENT:]

    def is_doubted(self, sequence: int) -> bool:
        return self.doubt is not None and sequence >= self.doubted

    def print_at(self, sequence: int) -> bytes | None:
        """Return the fingerprint of what was applied as this sequence; None when it is too long ago to be known."""
        back = self.sequence - sequence
        if back < len(self.recent):
            return fingerprint(*self.recent[-1 - back])
        end = len(self.older) - (back - len(self.recent)) * PRINT
        return self.older[end - PRINT : end] if end >= PRINT else None

    def id_at(self, sequence: int) -> UUID | None:
        """Return the id of what was applied as this sequence, if it is one of the recent ones."""
        back = self.sequence - sequence
        return self.recent[-1 - back][0] if back < len(self.recent) else None

    def replace_at(self, envelope: Envelope) -> None:
        """Remember another event as the one that was applied at a known place."""
        back, pair = self.sequence - envelope.sequence, (envelope.id, envelope.digest())
        if back < len(self.recent):
            at = len(self.recent) - 1 - back
            self.recent = [*self.recent[:at], pair, *self.recent[at + 1 :]]
        else:
            end = len(self.older) - (back - len(self.recent)) * PRINT
            self.older = self.older[: end - PRINT] + fingerprint(*pair) + self.older[end:]


def fingerprint(event_id: UUID, digest: str) -> bytes:
    return hashlib.sha256(event_id.bytes + digest.encode()).digest()[:PRINT]
