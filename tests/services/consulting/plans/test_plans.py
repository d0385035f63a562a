"""An improvement plan is of a team of both sides, approved by both, and says what was saved."""

from __future__ import annotations

from uuid import UUID

import pytest

from services.consulting.catalogue import commands as catalogue
from services.consulting.plans import commands
from services.consulting.plans.errors import PlanExists
from services.consulting.plans.model import ImprovementPlan
from services.consulting.service import SERVICE
from shared.contracts.events.consulting import ActionCompleted, PlanApproved, ThemeCount
from shared.contracts.values import Money
from shared.domain.errors import Invalid, NotAllowedNow, NotFound
from shared.kernel.context import acting_as
from shared.kernel.principal import Principal
from tests.support import factories
from tests.support.factories import ALPHA, BETA, STAFF, days_ago
from tests.support.fixture_types import Client, Site
from tests.support.improvement_plans import ACTION, TEAM, planned
from tests.support.records import events_said
from tests.support.tokens import Tokens
from tests.support.visitor import Visitor


def owner_of(plan: ImprovementPlan) -> Principal:
    return Principal(subject="pemilik", role="enterprise", issuer="tests", enterprise=plan.enterprise_id)


def faults(refused: pytest.ExceptionInfo[Invalid]) -> list[tuple[str | None, str]]:
    return [(fault.pointer, fault.code) for fault in refused.value.errors]


def test_it_is_approved_once_both_sides_have(staff: Principal) -> None:
    plan = planned(ALPHA)
    commands.add_action(plan.id, **{**ACTION, "theme": "safety", "cost": None})
    with acting_as(owner_of(plan)):
        assert commands.approve_plan(plan.id, party="owner", approved_on=days_ago(3)[0]).state == "draft"
    assert events_said(PlanApproved) == []
    assert commands.approve_plan(plan.id, party="workers", approved_on=days_ago(2)[0]).state == "approved"
    (said,) = events_said(PlanApproved)
    assert said.themes == (ThemeCount(theme="order", actions=1), ThemeCount(theme="safety", actions=1))
    assert (said.budget, said.approved_on) == (Money(amount=500_000, currency="IDR"), days_ago(2)[0])


def test_workers_do_not_approve_by_the_enterprises_account(staff: Principal) -> None:
    plan = planned(ALPHA)
    with acting_as(owner_of(plan)), pytest.raises(Invalid) as refused:
        commands.approve_plan(plan.id, party="workers", approved_on=days_ago(1)[0])
    assert faults(refused) == [("/party", "not-for-you")]


def test_without_team_and_actions_nothing_is_approved_and_all_is_told_at_once(staff: Principal) -> None:
    plan = commands.start_plan(
        enterprise_id=factories.known_enterprise(ALPHA), module="M1", trainer_id=factories.visiting()
    )
    with pytest.raises(Invalid) as refused:
        commands.approve_plan(plan.id, party="owner", approved_on=days_ago(-1)[0])
    assert faults(refused) == [
        ("/team", "team-missing"),
        ("/actions", "actions-missing"),
        ("/approved_on", "date-in-future"),
    ]


def test_a_team_has_both_sides(staff: Principal) -> None:
    plan = planned(ALPHA)
    with pytest.raises(Invalid) as refused:
        commands.form_team(plan.id, **{**TEAM, "workers": {"women": 0, "men": 0}})
    assert faults(refused) == [("/workers", "both-sides")]


def test_the_team_of_the_last_plan_is_in_the_next(staff: Principal) -> None:
    first = planned(ALPHA)
    catalogue.keep_module("M2")
    second = commands.start_plan(enterprise_id=first.enterprise_id, module="M2", trainer_id=factories.visiting())
    assert second.team == first.team
    with pytest.raises(PlanExists):
        commands.start_plan(enterprise_id=first.enterprise_id, module="M2", trainer_id=factories.visiting())


@pytest.mark.parametrize("change", ["add", "correct", "drop"])
def test_a_change_of_an_approved_plan_is_approved_again(change: str, staff: Principal) -> None:
    plan = planned(ALPHA, to="approved")
    action_id = plan.actions[0].id
    changed = {
        "add": lambda: commands.add_action(plan.id, **ACTION),
        "correct": lambda: commands.correct_action(plan.id, action_id, **{**ACTION, "cost": 1}),
        "drop": lambda: commands.drop_action(plan.id, action_id),
    }[change]()
    assert (changed.state, changed.approvals) == ("draft", [])
    with pytest.raises(NotAllowedNow):
        commands.complete_action(plan.id, action_id, completed_on=days_ago(0)[0])


def test_a_correction_that_says_nothing_new_leaves_it_approved(staff: Principal) -> None:
    plan = planned(ALPHA, to="approved")
    assert commands.correct_action(plan.id, plan.actions[0].id, **ACTION).state == "approved"


@pytest.mark.parametrize(("basis", "verified"), [("measured", True), ("records", True), ("estimated", False)])
def test_a_saving_is_verified_by_how_it_was_found(basis: str, verified: bool, staff: Principal) -> None:
    plan = planned(ALPHA, to="approved")
    action_id = plan.actions[0].id
    for _ in range(2):
        commands.complete_action(plan.id, action_id, completed_on=days_ago(0)[0], saving=2_000_000, basis=basis)
    (said,) = events_said(ActionCompleted)
    assert (said.saving, said.verified, said.action_id) == (
        Money(amount=2_000_000, currency="IDR"),
        verified,
        action_id,
    )
    commands.complete_action(plan.id, action_id, completed_on=days_ago(0)[0])
    assert [event.saving for event in events_said(ActionCompleted)][-1] is None


@pytest.mark.parametrize(
    ("given", "wrong"), [({"saving": 5}, ("/basis", "required")), ({"basis": "records"}, ("/saving", "required"))]
)
def test_a_saving_comes_with_how_it_was_found(given, wrong, staff: Principal) -> None:
    plan = planned(ALPHA, to="approved")
    with pytest.raises(Invalid) as refused:
        commands.complete_action(plan.id, plan.actions[0].id, completed_on=days_ago(0)[0], **given)
    assert faults(refused) == [wrong]
    assert events_said(ActionCompleted) == []


def test_an_action_of_another_plan_is_none(staff: Principal) -> None:
    plan, other = planned(ALPHA, to="approved"), planned(ALPHA, to="approved")
    with pytest.raises(NotFound):
        commands.complete_action(plan.id, other.actions[0].id, completed_on=days_ago(0)[0])


def test_the_trainer_of_the_old_provider_sees_it_no_longer(client: Client, tokens: Tokens, staff: Principal) -> None:
    plan = planned(ALPHA)
    address = f"/v1/improvement-plans/{plan.id}"
    trainer = tokens.headers("trainer", trainer=plan.trainer_id)
    caller = client("consulting")
    assert caller.get(address, headers=trainer).status_code == 200
    commands.move_enterprise(plan.enterprise_id, provider_id=BETA)
    assert caller.get(address, headers=trainer).status_code == 404
    assert caller.get(address, headers=tokens.headers("provider", institution=BETA)).status_code == 200


def test_late_actions_wait_for_the_trainer_until_they_are_completed(
    client: Client, tokens: Tokens, staff: Principal
) -> None:
    plan = planned(ALPHA, to="approved")
    caller, trainer = client("consulting"), tokens.headers("trainer", trainer=plan.trainer_id)

    def waiting() -> list[str]:
        items = caller.get("/v1/work", headers={**trainer, "Accept-Language": "en"}).json["items"]
        return [item["title"] for item in items if "late" in item["title"]]

    assert waiting() == ["1 action of a plan is late"]
    commands.complete_action(plan.id, plan.actions[0].id, completed_on=days_ago(0)[0])
    assert waiting() == []


def test_a_plan_is_carried_out_on_its_pages(site: Site) -> None:
    app = site(SERVICE)
    with acting_as(STAFF):
        enterprise_id, trainer_id = factories.known_enterprise(ALPHA), factories.visiting(of=ALPHA)
        office = Visitor(app, "provider", language="en", institution=ALPHA)
        address = office.send(
            "/improvement-plans/new", enterprise_id=str(enterprise_id), module="M1", trainer_id=str(trainer_id)
        )
        trainer = Visitor(app, "trainer", language="en", trainer=trainer_id)
        trainer.send(
            f"{address}/team", address, rhythm="weekly", formed_on=days_ago(3)[0].isoformat(),
            **{"managers.women": "1", "managers.men": "0", "workers.women": "1", "workers.men": "1"},
        )  # fmt: skip
        trainer.send(
            f"{address}/actions", address, theme="order", text="Tandai lorong", owner_role="supervisor",
            due_on=days_ago(1)[0].isoformat(), cost="500.000",
        )  # fmt: skip
        for party in ("owner", "workers"):
            trainer.send(f"{address}/approval", address, party=party, approved_on=days_ago(1)[0].isoformat())
        assert "Approved" in trainer.read(address)
        action_id = ImprovementPlan.get(UUID(address.rsplit("/", 1)[1])).actions[0].id
        action = f"{address}/actions/{action_id}"
        trainer.send(
            f"{action}/completion", action, completed_on=days_ago(0)[0].isoformat(), saving="2000000", basis="measured"
        )
        assert "Saved in a year by what is completed: IDR 2,000,000" in trainer.read(address)
