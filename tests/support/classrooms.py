"""Makes classrooms and rosters without a store."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.enrollment.enterprises.parts import Persons
from services.enrollment.rosters.model import SeatedPerson, Seats
from services.enrollment.trainings.model import Training
from shared.domain.errors import Invalid
from shared.kernel import clock

PROVIDER, LEAD, OTHER_LEAD = (UUID(int=number) for number in (1, 2, 3))

ZONE = "Asia/Jakarta"

TODAY = clock.today(ZONE)


def seats(managers: int, workers: int, *, women: bool = True) -> Seats:
    def some(number: int) -> Persons:
        return Persons(women=number if women else 0, men=0 if women else number)

    return Seats(managers=some(managers), workers=some(workers))


def planned(*, capacity: int = 20, days: tuple[int, ...] = (10, 9), **changes: Any) -> Training:
    today = clock.today(ZONE)
    described: dict[str, Any] = {
        "module": "M1", "module_version": 1, "required_visits": 3, "days": sorted(today - timedelta(days=n) for n in days),
        "zone": ZONE, "capacity": capacity, "provider_id": PROVIDER, "lead_trainer_id": LEAD, "delivery_mode": "direct",
    }  # fmt: skip
    training = Training(**{**described, **changes})
    training.schedule()
    return training


def firm(number: int) -> UUID:
    return UUID(int=1000 + number)


def said(training: Training, kind: type[Any]) -> list[Any]:
    return [event for event in training._events if isinstance(event, kind)]


def refusal(error: pytest.ExceptionInfo[Invalid]) -> list[tuple[str | None, str]]:
    return [(fault.pointer, fault.code) for fault in error.value.errors]


def persons(*roles: str) -> list[SeatedPerson]:
    return [
        SeatedPerson(participant_id=UUID(int=number), sex="female" if number % 2 else "male", role=role)
        for number, role in enumerate(roles, start=1)
    ]
