"""Improvement plans for people: the team, the actions, who approved, what was saved. The same commands as the API."""

from __future__ import annotations

from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from services.consulting.catalogue.queries import module_codes
from services.consulting.enterprises.model import EnterpriseScope
from services.consulting.plans import commands
from services.consulting.plans.labels import PARTIES, STATES
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
from services.consulting.roles import OWNERS, PLANNERS, READERS, STAFF
from services.consulting.settings import today
from services.consulting.trainers.queries import trainers_of
from shared.kernel.context import current_principal
from shared.kernel.message import gettext_noop
from shared.web.fields import Body, Choice, Code
from shared.web.pages.declare import Pages
from shared.web.pages.forms.submitted_form import require_unchanged
from shared.web.pages.listing import paginate
from shared.web.pages.parties import by_party, party_choices, party_name, party_names
from shared.web.pages.rendering import redirect_to, render

PAGES = Pages("consulting")
ONE = "/improvement-plans/<uuid:plan_id>"
ACTION = f"{ONE}/actions/<uuid:action_id>"


@PAGES.get(
    "/improvement-plans",
    permits=READERS,
    title=gettext_noop("Improvement plans"),
    nav=("visits", 5),
    rows=PlanView,
    names={"enterprise_id": party_names, "trainer_id": party_names, "provider_id": party_names},
    personal=True,
)
def plans() -> ResponseReturnValue:
    page = paginate(
        ImprovementPlan.objects,
        sort=("-created_at", "created_at"),
        filters={"state": Choice(*STATES), "module": Code()},
        by_name=by_party("enterprise_id"),
    )
    parties = {party for row in page.rows for party in (row.enterprise_id, row.trainer_id)}
    return render(
        "plans.html",
        found=page,
        names=party_names(parties),
        modules=module_codes(),
        today=today(),
        starts=current_principal().role in STAFF,
    )


@PAGES.get("/improvement-plans/new", permits=STAFF, title=gettext_noop("Start an improvement plan"), personal=True)
def new_plan() -> ResponseReturnValue:
    enterprises = list(EnterpriseScope.objects(state="active"))
    return render(
        "new_plan.html",
        enterprises=party_choices(enterprise.id for enterprise in enterprises),
        trainers=trainers_of(enterprise.provider_id for enterprise in enterprises if enterprise.provider_id),
        modules=module_codes(),
        asked={name: request.args.get(name) for name in ("enterprise_id", "module", "trainer_id")},
    )


@PAGES.post("/improvement-plans/new", permits=STAFF, body=StartPlan)
def start_plan(body: Body) -> ResponseReturnValue:
    return _shown(
        commands.start_plan(**body).id, gettext_noop("The plan is started. Enter the team and the first actions.")
    )


@PAGES.get(ONE, permits=READERS, title=gettext_noop("Improvement plan"), personal=True)
def plan(plan_id: UUID) -> ResponseReturnValue:
    shown, viewer = ImprovementPlan.get(plan_id), current_principal()
    approved = {approval.party: approval for approval in shown.approvals}
    mine = [party for party in PARTIES if viewer.role not in OWNERS or party == "owner"]
    return render(
        "improvement_plan.html",
        plan=shown,
        heading=party_name(shown.enterprise_id),
        trainer=party_name(shown.trainer_id),
        provider=party_name(shown.provider_id),
        actions=sorted(shown.actions, key=lambda action: (action.state != "open", action.due_on)),
        approved=approved,
        today=today(),
        saved=sum(action.saving or 0 for action in shown.actions if action.state == "completed"),
        may_change=viewer.role in PLANNERS,
        may_approve=[party for party in mine if party not in approved]
        if viewer.role in PLANNERS and shown.state == "draft"
        else [],
        trainers=trainers_of([shown.provider_id]) if viewer.role in STAFF else [],
    )


@PAGES.post(f"{ONE}/assignment", permits=STAFF, body=AssignPlan, shows="plan")
def assign_plan(plan_id: UUID, body: Body) -> ResponseReturnValue:
    commands.assign_plan(plan_id, **body)
    return _shown(plan_id, gettext_noop("Another trainer sees to the plan."))


@PAGES.post(f"{ONE}/team", permits=PLANNERS, body=FormTeam, shows="plan")
def form_team(plan_id: UUID, body: Body) -> ResponseReturnValue:
    require_unchanged(ImprovementPlan.get(plan_id))
    commands.form_team(plan_id, **body)
    return _shown(plan_id, gettext_noop("The team is entered."))


@PAGES.post(f"{ONE}/actions", permits=PLANNERS, body=GiveAction, shows="plan")
def add_action(plan_id: UUID, body: Body) -> ResponseReturnValue:
    require_unchanged(ImprovementPlan.get(plan_id))
    commands.add_action(plan_id, **body)
    return _shown(plan_id, gettext_noop("The action is added. The plan is to be approved as it stands now."))


@PAGES.get(ACTION, permits=PLANNERS, title=gettext_noop("Action of the plan"), personal=True)
def action(plan_id: UUID, action_id: UUID) -> ResponseReturnValue:
    shown = ImprovementPlan.get(plan_id)
    return render(
        "action.html",
        plan=shown,
        action=shown.action(action_id),
        enterprise=party_name(shown.enterprise_id),
        today=today(),
    )


@PAGES.post(f"{ACTION}/correction", permits=PLANNERS, body=GiveAction, shows="action")
def correct_action(plan_id: UUID, action_id: UUID, body: Body) -> ResponseReturnValue:
    require_unchanged(ImprovementPlan.get(plan_id))
    commands.correct_action(plan_id, action_id, **body)
    return _shown(plan_id, gettext_noop("The action is corrected. The plan is to be approved as it stands now."))


@PAGES.post(f"{ACTION}/dropping", permits=PLANNERS, shows="action")
def drop_action(plan_id: UUID, action_id: UUID) -> ResponseReturnValue:
    commands.drop_action(plan_id, action_id)
    return _shown(plan_id, gettext_noop("The action is dropped. The plan is to be approved as it stands now."))


@PAGES.post(f"{ACTION}/completion", permits=PLANNERS, body=CompleteAction, shows="action")
def complete_action(plan_id: UUID, action_id: UUID, body: Body) -> ResponseReturnValue:
    require_unchanged(ImprovementPlan.get(plan_id))
    commands.complete_action(plan_id, action_id, **body)
    return _shown(plan_id, gettext_noop("The action is completed."))


@PAGES.post(f"{ONE}/approval", permits=PLANNERS, body=ApprovePlan, shows="plan")
def approve_plan(plan_id: UUID, body: Body) -> ResponseReturnValue:
    require_unchanged(ImprovementPlan.get(plan_id))
    commands.approve_plan(plan_id, **body)
    return _shown(plan_id, gettext_noop("The approval is entered."))


def _shown(plan_id: UUID, flash: str) -> ResponseReturnValue:
    return redirect_to("plan", plan_id=plan_id, flash=flash)
