"""What a delivery is given: its limits, its observer, what it needs of the process around it; and what comes of a batch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from shared.contracts.envelope import Envelope
from shared.messaging.inbox.decoding import Unreadable
from shared.messaging.ports import Incoming

Result = Literal["applied", "duplicate", "ignored", "parked"]


class Observer(Protocol):
    """Hears what became of each record: metrics and logs in production, the checker in a simulation."""

    def handled(self, record: Incoming, result: Result) -> None: ...
    def failed(self, record: Incoming, error: Exception) -> None: ...


@dataclass(frozen=True, slots=True)
class DeliveryPolicy:
    attempts: int
    first_pause: float
    breaker: int
    waiting_first: float
    waiting_longest: float
    asks: int = 12


@dataclass(frozen=True, slots=True)
class DeliveryContext:
    """Clock, sleep, what wraps a handler (the principal and, for an event, the story it continues), and whether an error
    is no fault of the record: the store is away, or nothing may be written for this group any more."""

    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    within: Callable[[Envelope | None, Callable[[], None]], None]
    is_away: Callable[[BaseException], bool]


@dataclass(slots=True)
class Batch:
    """Says what became of records, in their order, and how many have failed in a row; it ends before `stopped_by`, which is
    one failure too many."""

    failed_in_a_row: int
    outcomes: list[Result | Unreadable] = field(default_factory=list)
    stopped_by: Unreadable | None = None
