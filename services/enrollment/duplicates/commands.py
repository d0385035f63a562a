"""Counts what an institution enters against what others registered, and ends it for the day where it was enough."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from services.enrollment.duplicates.errors import ComparedEnough
from services.enrollment.duplicates.model import Comparisons
from services.enrollment.duplicates.queries import comparisons_of
from services.enrollment.settings import enrollment_settings
from shared.kernel import clock
from shared.storage.transaction import in_racing_transaction, transactional


def comparisons_left(institution_id: UUID, let_in: int) -> int:
    """Return how many more are compared today; `let_in` were signed up."""
    counted = comparisons_of(institution_id, clock.now().date())
    compared, told = (counted.compared, counted.told) if counted else (0, 0)
    if told >= enrollment_settings().foreign_duplicates:
        return 0
    return enrollment_settings().compared_sign_ups - let_in - compared


@transactional
def count_comparison(institution_id: UUID, foreign: Sequence[UUID] = ()) -> None:
    """Count a comparison. Raise `ComparedEnough` where it told of `foreign` enterprises and a day tells of no more."""
    day = clock.now().date()
    counted = comparisons_of(institution_id, day)
    if counted is None:
        counted = Comparisons(id=Comparisons.id_of(institution_id, day), institution_id=institution_id, day=day)
    if foreign and counted.told >= enrollment_settings().foreign_duplicates:
        raise compared_enough()
    counted.count(foreign)
    counted.save()


def count_refusal(institution_id: UUID, foreign: Sequence[UUID]) -> None:
    """Count a comparison whose own transaction was taken back."""
    in_racing_transaction(lambda: count_comparison(institution_id, foreign))


def compared_enough() -> ComparedEnough:
    """Return the refusal, with how long today still lasts."""
    now = clock.now()
    tomorrow = datetime.combine(now.date() + timedelta(days=1), time(), UTC)
    return ComparedEnough(int((tomorrow - now).total_seconds()) + 1)
