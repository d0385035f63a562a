"""Makes participants without a store, as programme staff. People are invented."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.enrollment.people import consent
from services.enrollment.people.model import Participant
from shared.kernel import ids
from shared.kernel.context import acting_as
from shared.kernel.principal import Principal

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
STAFF = Principal(subject="staff", role="programme", issuer="tests")


@pytest.fixture(autouse=True)
def staff() -> Iterator[Principal]:
    with acting_as(STAFF) as principal:
        yield principal


def person(*purposes: str, **changes: Any) -> Participant:
    made = Participant(
        enterprise_id=ids.new(),
        provider_id=ids.new(),
        **{"name": "Ratna Dewi", "sex": "female", "role": "worker", "email": "ratna@example.org", **changes},
    )
    give(made, *purposes)
    made.register()
    made.version = 1
    return made


def give(someone: Participant, *purposes: str, text: str = consent.CURRENT_TEXT) -> None:
    someone.give(purposes, text_version=text, given_by="person", given_on=TODAY, by=STAFF.id, at=NOW)
