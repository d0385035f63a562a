"""Reads improvement plans: the one of a module, the team of an enterprise, those with late actions."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.consulting.plans.model import ImprovementPlan, Team
from services.consulting.settings import today
from shared.domain.days import future_faults
from shared.domain.refusals import refuse
from shared.kernel.context import unscoped


def existing_plan(enterprise_id: UUID, module: str) -> ImprovementPlan | None:
    with unscoped("an enterprise has one plan of a module, whoever made it"):
        return ImprovementPlan.find(ImprovementPlan.id_of(enterprise_id, module))


def every_plan_of(enterprise_id: UUID) -> list[ImprovementPlan]:
    with unscoped("plans follow their enterprise, whoever made them"):
        return list(ImprovementPlan.objects(enterprise_id=enterprise_id))


def latest_team(enterprise_id: UUID) -> Team | None:
    """Return the team that an enterprise formed last, for its next plan."""
    teams = [plan.team for plan in every_plan_of(enterprise_id) if plan.team]
    return max(teams, key=lambda team: team.formed_on, default=None)


def plans_with_late_actions(day: date) -> list[ImprovementPlan]:
    """Return the approved plans with open actions whose day has passed, the longest overdue first."""
    return list(ImprovementPlan.objects(state="approved", next_due_on__lt=day).order_by("next_due_on", "id"))


def require_carried_out(day: date) -> None:
    refuse(future_faults("/completed_on", day, today()))
