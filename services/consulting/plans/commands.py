"""Starts improvement plans, enters their teams, actions and approvals, and lets them follow their enterprise."""

from __future__ import annotations

from datetime import date
from typing import Unpack
from uuid import UUID

from services.consulting.catalogue.queries import require_module
from services.consulting.enterprises.queries import active_enterprise
from services.consulting.plans.errors import PlanExists
from services.consulting.plans.model import GivenAction, GivenHeadcount, ImprovementPlan
from services.consulting.plans.queries import (
    every_plan_of,
    existing_plan,
    latest_team,
)
from services.consulting.settings import today
from services.consulting.trainers.queries import require_trainer_of
from shared.domain.refusals import Refusals
from shared.kernel import clock
from shared.kernel.context import current_principal
from shared.storage.transaction import transactional


@transactional
def start_plan(*, enterprise_id: UUID, module: str, trainer_id: UUID) -> ImprovementPlan:
    """Start the improvement plan of a module; the team of the enterprise's last plan is in it already."""
    faults = Refusals()
    with faults.gather():
        enterprise = active_enterprise(enterprise_id)
        with faults.gather():
            require_trainer_of(enterprise.provider_id, trainer_id)
    with faults.gather():
        require_module(module)
    faults.end()
    existing = existing_plan(enterprise_id, module)
    if existing is not None:
        raise PlanExists(existing.id)
    enterprise.plannings += 1
    enterprise.save()
    return ImprovementPlan(
        id=ImprovementPlan.id_of(enterprise_id, module),
        enterprise_id=enterprise_id,
        module=module,
        trainer_id=trainer_id,
        provider_id=enterprise.provider_id,
        team=latest_team(enterprise_id),
    ).save()


@transactional
def assign_plan(plan_id: UUID, *, trainer_id: UUID) -> ImprovementPlan:
    """Give a plan to another trainer."""
    plan = ImprovementPlan.get(plan_id)
    plan.give_to(trainer_id)
    require_trainer_of(plan.provider_id, trainer_id)
    return plan.save()


@transactional
def form_team(
    plan_id: UUID, *, managers: GivenHeadcount, workers: GivenHeadcount, rhythm: str, formed_on: date
) -> ImprovementPlan:
    """Enter the improvement team: how many managers and workers, and how often they meet."""
    plan = ImprovementPlan.get(plan_id)
    plan.form_team(managers, workers, rhythm, formed_on, today=today())
    return plan.save()


@transactional
def add_action(plan_id: UUID, **given: Unpack[GivenAction]) -> ImprovementPlan:
    """Add an action to a plan, which is to be approved again."""
    plan = ImprovementPlan.get(plan_id)
    plan.add_action(given)
    return plan.save()


@transactional
def correct_action(plan_id: UUID, action_id: UUID, **given: Unpack[GivenAction]) -> ImprovementPlan:
    """Correct an action that is open, to what is given; the plan is to be approved again where that says something new."""
    plan = ImprovementPlan.get(plan_id)
    plan.correct_action(action_id, {"cost": None, "effect": None, **given})
    return plan.save()


@transactional
def drop_action(plan_id: UUID, action_id: UUID) -> ImprovementPlan:
    """Drop an action that is open; the plan is to be approved again."""
    plan = ImprovementPlan.get(plan_id)
    plan.drop_action(action_id)
    return plan.save()


@transactional
def approve_plan(plan_id: UUID, *, party: str, approved_on: date) -> ImprovementPlan:
    """Enter that the owner, or the workers' representatives, approve the plan. With both it is approved."""
    plan = ImprovementPlan.get(plan_id)
    plan.approve(party, approved_on, today=today(), by=current_principal(), at=clock.now())
    return plan.save()


@transactional
def complete_action(
    plan_id: UUID, action_id: UUID, *, completed_on: date, saving: int | None = None, basis: str | None = None
) -> ImprovementPlan:
    """Enter that an action was carried out, what it saves in a year, and how that was found. Entered again it corrects."""
    plan = ImprovementPlan.get(plan_id)
    news = plan.complete_action(action_id, completed_on, saving, basis, today=today())
    return plan.save() if news else plan


@transactional
def move_enterprise(enterprise_id: UUID, *, provider_id: UUID) -> None:
    """Let an enterprise's plans follow it to another provider; the trainers of the old one see them no longer."""
    for plan in every_plan_of(enterprise_id):
        if plan.provider_id != provider_id:
            plan.leave(provider_id)
            plan.save()
