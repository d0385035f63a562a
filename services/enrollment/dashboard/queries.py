"""Finds the trainings that wait for somebody, and for an empty programme what comes first; within the caller's rows."""

from __future__ import annotations

from services.enrollment.enterprises.model import Enterprise
from services.enrollment.institutions.model import Institution
from services.enrollment.trainers.queries import is_anybody_certified
from services.enrollment.trainings.model import Training
from shared.kernel import clock
from shared.kernel.context import current_principal


def due_trainings() -> list[Training]:
    """Return those whose attendance can be entered, the longest due first."""
    return [training for training in _planned() if is_due(training)]


def trainings_ahead() -> list[Training]:
    return [training for training in _planned() if not is_due(training)]


def conflicting_trainings() -> list[Training]:
    """Return those whose lead trainer is no longer entitled."""
    return [training for training in _planned() if training.conflict_days]


def is_due(training: Training) -> bool:
    """Return whether the attendance of a training can be entered."""
    return training.state == "scheduled" and training.last_day <= clock.today(training.zone)


def first_step() -> str | None:
    """Return `institution`, `enterprise`, `trainer` or `training` while the caller has no training yet."""
    if Training.objects.first():
        return None
    if current_principal().institution is None and not Institution.objects.first():
        return "institution"
    if not Enterprise.objects.first():
        return "enterprise"
    return "training" if is_anybody_certified() else "trainer"


def _planned() -> list[Training]:
    return sorted(Training.objects(state="scheduled"), key=lambda training: (min(training.days), training.id))
