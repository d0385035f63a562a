"""Improvement plans with teams and actions, made by consulting's own commands."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.consulting.plans import commands
from services.consulting.plans.model import GivenAction, ImprovementPlan
from tests.support import factories
from tests.support.factories import days_ago

ACTION: GivenAction = {
    "theme": "order",
    "text": "Tandai lorong gudang",
    "owner_role": "supervisor",
    "due_on": days_ago(1)[0],
    "cost": 500_000,
}
TEAM: dict[str, Any] = {
    "managers": {"women": 1, "men": 1},
    "workers": {"women": 2, "men": 1},
    "rhythm": "weekly",
    "formed_on": days_ago(20)[0],
}


def planned(
    owner: UUID, *, to: str = "draft", enterprise_id: UUID | None = None, module: str = "M1"
) -> ImprovementPlan:
    """A plan with a team and one action; `approved` by both sides, or with its action `completed`."""
    made = commands.start_plan(
        enterprise_id=enterprise_id or factories.known_enterprise(owner), module=module, trainer_id=factories.visiting()
    )
    commands.form_team(made.id, **TEAM)
    made = commands.add_action(made.id, **ACTION)
    if to == "draft":
        return made
    for party in ("owner", "workers"):
        made = commands.approve_plan(made.id, party=party, approved_on=days_ago(10)[0])
    if to == "completed":
        made = commands.complete_action(
            made.id, made.actions[0].id, completed_on=days_ago(0)[0], saving=2_000_000, basis="measured"
        )
    return made
