"""The ports: what relay, delivery and parking need of the world, as protocols without threads, sockets or drivers.

The real ports speak to the store and the broker; the in-memory ones (`tests/support/memory_ports.py`) pass the
same conformance suite and serve only the simulation.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, Protocol, TypeVar, get_args
from uuid import UUID

from shared.contracts.wire.compacted import Said
from shared.messaging.cursors import Cursor

T = TypeVar("T")
Headers = list[tuple[str, bytes]]
Reason = Literal["failed", "waiting", "gap"]
OPEN: Final[tuple[Reason, ...]] = get_args(Reason)  # what waits for an operator first
Failure = Literal["newer-version", "diverged", "forged", "other"]
UNREAD_HEADER = "scoreunread"
"""Stands on a record of which only the place is known; holds the name of the client's error."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A record to be sent. `sequence` orders the records of one key; a tombstone has no value."""

    event_id: UUID
    topic: str
    key: UUID
    sequence: int
    headers: Headers
    value: bytes | None
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Acknowledged:
    record: Outgoing
    partition: int
    offset: int


@dataclass(frozen=True, slots=True)
class NotSent:
    record: Outgoing
    error: str


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A record that the broker acknowledged to a relay: where it was put, and when that was noted.

    `oldest` is the earliest recording time among what was put into its partition since the checkpoint before it.
    """

    offset: int
    event_id: UUID
    at: datetime
    oldest: datetime


Checkpoints = dict[int, list[Checkpoint]]
"""Per partition, oldest first."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The log keeps offsets `start` to `end - 1`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Incoming:
    topic: str
    partition: int
    offset: int
    key: bytes | None
    headers: Headers
    value: bytes | None
    timestamp: datetime | None = None


@dataclass(slots=True)
class Parked:
    """A record that a group could not apply yet. Later records of its key queue behind it.

    `applied` is true of an erasure that was applied on arrival and only waits to be counted. `failure` says of a failed one
    what a later release may decide by; `detail` is for people. One that is `aside` is another event than the one that has its
    place in the key's history: nothing queues behind it. `is_owners`: the owner sent it in answer to a request. Its owner was
    asked `asks` times for what is missing, or true.
    """

    record: Incoming
    key: UUID | None
    sequence: int
    reason: Reason
    detail: str
    parked_at: datetime
    event_id: UUID | None = None
    event_type: str = ""
    waiting_for: str = ""
    tries: int = 0
    next_try_at: datetime | None = None
    applied: bool = False
    failure: Failure = "other"
    aside: bool = False
    is_owners: bool = False
    asks: int = 0


@dataclass(frozen=True, slots=True)
class Gap:
    """A hole in a key's history that nothing parked explains: `sequence` is the first that never came.

    With a `request_id`, the whole history is wanted, as the owner's answer to that request.
    """

    topic: str
    key: UUID
    sequence: int
    request_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """How a version of a thing was heard of: on which topic, in answer to which requests, and whether letters follow."""

    topic: str
    answers: frozenset[UUID] = frozenset()
    is_written_to: bool = True


@dataclass(frozen=True, slots=True)
class Doubt:
    """A party whose version jumped: on which topic, and the id of the request that its owner's answer has to name."""

    request_id: UUID
    topic: str
    key: UUID


class Outbox(Protocol):
    """Rows to be sent of one topic, and where they went."""

    topic: str

    def oldest_pending(self) -> datetime | None: ...
    def pending(self, after: datetime, before: datetime, limit: int) -> list[Outgoing]: ...
    def mark(self, sent: Sequence[Acknowledged], reached: Checkpoints) -> None:
        """Note these as published, and the checkpoints of the partitions named; others keep theirs."""
        ...

    def checkpoints(self) -> Checkpoints: ...
    def epoch(self) -> int:
        """Return how often this topic's log was sent again after a loss."""
        ...

    def reopen(self, since: datetime | None) -> int:
        """Make rows recorded since then (`None`: all) pending again, forget the checkpoints, begin a new epoch.

        Returns how many rows were not pending already.
        """
        ...


class Log(Protocol):
    """The broker, as its relay sees it."""

    def publish(self, records: Sequence[Outgoing]) -> list[Acknowledged | NotSent]: ...
    def bounds(self, topic: str, expected: Collection[int] = ()) -> dict[int, Bounds]:
        """Return the bounds of every partition; `expected` are partitions that were there, which old metadata may not know."""
        ...

    def event_at(self, topic: str, partition: int, offset: int) -> UUID | None: ...


class Inbox(Protocol):
    """A consumer group's memory in its service's store. Everything but `begin` belongs to a running `transaction`."""

    def transaction(self, work: Callable[[], T]) -> T: ...
    def begin(self, record: Incoming) -> int:
        """Note, before applying, that this process tries this record; returns how many processes have, this one included.

        Committed on its own. A process that lives to see the record fail has not died of it, however often that happens.
        """
        ...

    def finish(self, record: Incoming) -> None:
        """Note that the record is applied or parked: nobody died of it. Part of the transaction that says so."""
        ...

    def cursors(self, topic_keys: Sequence[tuple[str, UUID]]) -> dict[tuple[str, UUID], Cursor]: ...
    def save(self, cursors: Sequence[Cursor]) -> None: ...
    def park(self, parked: Parked) -> bool:
        """Keep it; false when it was parked already."""
        ...

    def parked_at(self, topic: str, key: UUID, sequence: int) -> Parked | None: ...
    def release(self, parked: Parked) -> None: ...
    def due(self, now: datetime, woken_by: str | None = None) -> list[Parked]:
        """Return waiting records to be tried again: those whose time has come, or those that wait for what just happened."""
        ...

    def postpone(self, parked: Parked) -> None:
        """Change what is kept of it, if it is still parked."""
        ...

    def failed(self) -> list[Parked]: ...
    def beside(self, topic: str, key: UUID, sequence: int | None = None) -> list[Parked]:
        """Return the records that are aside of a place in a key's history, or of any."""
        ...

    def missing(self, before: datetime) -> list[Gap]:
        """Return the gaps that have kept records parked since before a moment, where what is missing is not itself parked,
        and the keys in doubt. The same ones come again later and later, and in the end no more: garbage costs nothing for long.
        """
        ...

    def note_unknown(self, topic: str, keys: Collection[UUID], now: datetime) -> None:
        """Note that the owner has nothing of what is missing of these keys: `missing` names them after minutes, then hours."""
        ...

    def ask_anew(self, parked: Parked) -> None:
        """Let `missing` name again what keeps this record parked, as if it had arrived just now."""
        ...

    def discard(self, parked: Parked, why: str, at: datetime) -> None:
        """Take it out of the queue but keep the record, with who said why."""
        ...

    def keep_copy(self, said: Said, heard: Heard) -> bool:
        """Keep the newest version of a thing, or that it was erased; false when this one is not newer.

        A version that jumps is kept in doubt, until its owner says it in answer to a request.
        """
        ...

    def claim_doubts(self, topics: Collection[str], now: datetime, most: int) -> list[Doubt]:
        """Return parties in doubt whose owners are to be asked now; not the same ones again for a while."""
        ...


Types = frozenset[str]


def waiting_key(event_type: str, key: UUID) -> str:
    return f"{event_type}|{key}"
