"""A key whose second record fails, and what an operator looks at afterwards."""

from __future__ import annotations

from uuid import UUID

from shared.messaging.inbox.parking import ParkingLot
from tests.support import toy
from tests.support.operator import GROUP, Operator, history, records

BROKEN = 'raise ValueError("the invented bug of ketut@example.org")'
NEEDS = "from shared.messaging.errors import WaitFor; raise WaitFor(InstitutionRegistered, event.institution_id)"


def parked_history(score: Operator, length: int = 4, suspended: str = BROKEN) -> tuple[UUID, list[str]]:
    """A key whose second record fails, and its ids as they are listed."""
    score.write(suspended)
    key = history(length)
    score.deliver(records(key))
    return key, [f"{GROUP}/{toy.TOPIC}/{key}/{number}" for number in range(2, length + 1)]


def drain(score: Operator) -> int:
    """What the group's worker does every second."""
    return ParkingLot(score.delivery()).retry_due()


def sequences(key: UUID) -> list[int]:
    return [sequence for found, sequence in toy.effects(GROUP) if found == key]
