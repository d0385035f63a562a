"""Improvement plans over HTTP."""

from __future__ import annotations

from uuid import UUID

from services.consulting.plans import commands
from services.consulting.plans.model import ImprovementPlan
from services.consulting.plans.schemas import (
    ApprovePlan,
    AssignPlan,
    CompleteAction,
    FormTeam,
    GiveAction,
    PlanView,
    StartPlan,
)
from services.consulting.roles import PLANNERS, READERS, STAFF
from shared.storage.row_scope import ScopedQuerySet
from shared.web.api.routes import Routes
from shared.web.fields import Body
from shared.web.lists.listing import ListQuery

plans = Routes("improvement-plans", description="Improvement plans: team, actions, approvals, savings")

ONE = "/v1/improvement-plans/<uuid:plan_id>"
ACTION = f"{ONE}/actions/<uuid:action_id>"


@plans.post(
    "/v1/improvement-plans",
    permits=STAFF,
    body=StartPlan,
    returns=PlanView,
    created=True,
    location="/v1/improvement-plans/{id}",
)
def start_plan(body: Body) -> ImprovementPlan:
    return commands.start_plan(**body)


@plans.list(
    "/v1/improvement-plans",
    permits=READERS,
    returns=PlanView,
    filters=("enterprise_id", "module", "state", "trainer_id", "provider_id"),
    sort=("created_at",),
)
def list_plans(query: ListQuery) -> ScopedQuerySet:
    del query
    return ImprovementPlan.objects


@plans.get(ONE, permits=READERS, returns=PlanView)
def show_plan(plan_id: UUID) -> ImprovementPlan:
    return ImprovementPlan.get(plan_id)


@plans.post(f"{ONE}/assignment", permits=STAFF, body=AssignPlan, returns=PlanView)
def assign_plan(plan_id: UUID, body: Body) -> ImprovementPlan:
    return commands.assign_plan(plan_id, **body)


@plans.post(f"{ONE}/team", permits=PLANNERS, body=FormTeam, returns=PlanView)
def form_team(plan_id: UUID, body: Body) -> ImprovementPlan:
    return commands.form_team(plan_id, **body)


@plans.post(f"{ONE}/actions", permits=PLANNERS, body=GiveAction, returns=PlanView)
def add_action(plan_id: UUID, body: Body) -> ImprovementPlan:
    return commands.add_action(plan_id, **body)


@plans.post(f"{ACTION}/correction", permits=PLANNERS, body=GiveAction, returns=PlanView)
def correct_action(plan_id: UUID, action_id: UUID, body: Body) -> ImprovementPlan:
    return commands.correct_action(plan_id, action_id, **body)


@plans.post(f"{ACTION}/dropping", permits=PLANNERS, returns=PlanView)
def drop_action(plan_id: UUID, action_id: UUID) -> ImprovementPlan:
    return commands.drop_action(plan_id, action_id)


@plans.post(f"{ACTION}/completion", permits=PLANNERS, body=CompleteAction, returns=PlanView)
def complete_action(plan_id: UUID, action_id: UUID, body: Body) -> ImprovementPlan:
    return commands.complete_action(plan_id, action_id, **body)


@plans.post(f"{ONE}/approval", permits=PLANNERS, body=ApprovePlan, returns=PlanView)
def approve_plan(plan_id: UUID, body: Body) -> ImprovementPlan:
    return commands.approve_plan(plan_id, **body)
