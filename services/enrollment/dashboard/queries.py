"""Finds what waits for somebody in enrollment, and for an empty programme what comes first."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from services.enrollment.enterprises.model import Enterprise
from services.enrollment.institutions.model import Institution
from services.enrollment.journeys.model import Journey
from services.enrollment.roles import STAFF
from services.enrollment.trainers.queries import is_anybody_certified
from services.enrollment.trainings.model import Training
from shared.kernel import clock
from shared.kernel.context import current_principal

SHOWN = 10  # of each kind; the lists hold the rest


@dataclass(slots=True)
class Attention:
    """Trainings whose last day has come, trainings ahead, those of them whose lead trainer is no longer entitled, journeys
    under way; `first_step` where there is no training yet."""

    due: list[Training] = field(default_factory=list)
    ahead: list[Training] = field(default_factory=list)
    conflicts: list[Training] = field(default_factory=list)
    under_way: list[Journey] = field(default_factory=list)
    more_under_way: bool = False
    first_step: str = ""

    @property
    def enterprise_ids(self) -> set[UUID]:
        return {journey.enterprise_id for journey in self.under_way}


def attention() -> Attention:
    """Return what waits for the caller, within the caller's rows."""
    waiting = Attention()
    for training in sorted(Training.objects(state="scheduled"), key=lambda training: (min(training.days), training.id)):
        (waiting.due if is_due(training) else waiting.ahead).append(training)
    waiting.conflicts = [training for training in (*waiting.due, *waiting.ahead) if training.conflict_days]
    journeys = list(Journey.objects(completed_on=None, lapsed_on=None).order_by("-created_at").limit(SHOWN + 1))
    waiting.under_way, waiting.more_under_way = journeys[:SHOWN], len(journeys) > SHOWN
    waiting.first_step = "" if waiting.due or waiting.ahead or Training.objects.first() else _first_step()
    return waiting


def is_due(training: Training) -> bool:
    """Return whether the attendance of a training can be entered."""
    return training.state == "scheduled" and training.last_day <= clock.today(training.zone)


def _first_step() -> str:
    """Return `institution`, `enterprise`, `trainer` or `training` for those who can act, else `wait`."""
    role = current_principal().role
    if role not in STAFF:
        return "wait"
    if role == "programme" and not Institution.objects.first():
        return "institution"
    if not Enterprise.objects.first():
        return "enterprise"
    return "training" if is_anybody_certified() else "trainer"
