"""An improvement plan: the team of an enterprise, the actions it means to take after a module, and what came of them.

The id is the natural key, so that an enterprise has one plan of a module. Owner and workers' representatives approve it; a change
of its actions has to be approved again. The words of actions stay in this service.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, ClassVar, NotRequired, TypedDict
from uuid import UUID

import mongoengine as me

from services.consulting.enterprises.model import FollowsEnterprise
from services.consulting.plans.errors import (
    BASIS_MISSING,
    BOTH_SIDES,
    NO_ACTIONS,
    NO_TEAM,
    NOT_YOURS,
    SAVING_MISSING,
)
from services.consulting.plans.labels import PARTIES, VERIFIED
from shared.contracts.events.consulting import ActionCompleted, PlanApproved, ThemeCount
from shared.contracts.values import Money
from shared.domain.aggregate import Aggregate
from shared.domain.days import future_faults
from shared.domain.errors import NotFound
from shared.domain.lifecycle import Lifecycle, allow
from shared.domain.refusals import refuse
from shared.kernel import ids
from shared.kernel.principal import Principal
from shared.storage.indexes import by_time, index


class GivenHeadcount(TypedDict):
    women: int
    men: int


class GivenAction(TypedDict):
    """What a request says of an action."""

    theme: str
    text: str
    owner_role: str
    due_on: date
    cost: NotRequired[int | None]
    effect: NotRequired[str | None]


class Members(me.EmbeddedDocument):  # type: ignore[misc]
    """How many women and men there are of one side; no names."""

    women = me.IntField(required=True)
    men = me.IntField(required=True)

    @property
    def total(self) -> int:
        return int(self.women + self.men)


class Team(me.EmbeddedDocument):  # type: ignore[misc]
    """The managers and workers who carry the improvement, and how often they meet."""

    managers = me.EmbeddedDocumentField(Members, required=True)
    workers = me.EmbeddedDocumentField(Members, required=True)
    rhythm = me.StringField(required=True)
    formed_on = me.DateField(required=True)


class Action(me.EmbeddedDocument):  # type: ignore[misc]
    """One thing that the team means to do. Amounts are whole rupiah, the saving is that of a year."""

    id = me.UUIDField(required=True, binary=True)
    theme = me.StringField(required=True)
    text = me.StringField(required=True)
    owner_role = me.StringField(required=True)
    due_on = me.DateField(required=True)
    cost = me.LongField()
    effect = me.StringField()
    state = me.StringField(required=True, default="open")
    completed_on = me.DateField()
    saving = me.LongField()
    basis = me.StringField()

    def is_late(self, today: date) -> bool:
        return bool(self.state == "open" and self.due_on < today)


class Approval(me.EmbeddedDocument):  # type: ignore[misc]
    """That one side approved the plan as it stands; `role` is who entered it."""

    party = me.StringField(required=True)
    approved_on = me.DateField(required=True)
    entered_at = me.DateTimeField(required=True)
    entered_by = me.UUIDField(required=True, binary=True)
    role = me.StringField(required=True)


class ImprovementPlan(FollowsEnterprise, Aggregate):
    """`next_due_on` is the day of the open action that is due first."""

    meta: ClassVar[dict[str, object]] = {"collection": "improvement_plans"}
    INDEXES = (*by_time("provider_id", "trainer_id", "enterprise_id"), index("state", "next_due_on"))
    LIFECYCLE: ClassVar[Lifecycle] = Lifecycle(
        "draft",
        {
            "change": allow("draft", "approved", to="draft"),
            "approve": allow("draft", to="approved"),
            "complete": allow("approved", to="approved"),
        },
    )

    module = me.StringField(required=True)
    team = me.EmbeddedDocumentField(Team)
    actions = me.EmbeddedDocumentListField(Action)
    approvals = me.EmbeddedDocumentListField(Approval)
    next_due_on = me.DateField()
    state = me.StringField(required=True, default="draft")

    @staticmethod
    def id_of(enterprise_id: UUID, module: str) -> UUID:
        return ids.derived("improvement-plan", enterprise_id, module)

    def form_team(
        self, managers: GivenHeadcount, workers: GivenHeadcount, rhythm: str, formed_on: date, *, today: date
    ) -> None:
        """Enter the team, in place of the one before. Managers and workers are both in it."""
        given = {"managers": Members(**managers), "workers": Members(**workers)}
        faults = [BOTH_SIDES.at(f"/{side}") for side, members in given.items() if not members.total]
        refuse([*faults, *future_faults("/formed_on", formed_on, today)])
        self.team = Team(**given, rhythm=rhythm, formed_on=formed_on)

    def add_action(self, given: GivenAction) -> Action:
        """Add an action; the plan is to be approved again."""
        self._change()
        action = Action(id=ids.new(), **given)
        self.actions.append(action)
        self._look_ahead()
        return action

    def correct_action(self, action_id: UUID, changes: Mapping[str, Any]) -> None:
        """Correct an action that is open; the plan is to be approved again where that says something new."""
        action = self.action(action_id, open_only=True)
        if all(getattr(action, name) == value for name, value in changes.items()):
            return
        self._change()
        for name, value in changes.items():
            setattr(action, name, value)
        self._look_ahead()

    def drop_action(self, action_id: UUID) -> None:
        """Drop an action that is open; the plan is to be approved again."""
        action = self.action(action_id, open_only=True)
        self._change()
        action.state = "dropped"
        self._look_ahead()

    def approve(self, party: str, approved_on: date, *, today: date, by: Principal, at: datetime) -> None:
        """Enter that one side approves the plan as it stands; once both have, it is approved."""
        self.LIFECYCLE.after(self.state, "approve")
        faults = [] if self.team else [NO_TEAM.at("/team")]
        faults += [] if self._standing() else [NO_ACTIONS.at("/actions")]
        faults += future_faults("/approved_on", approved_on, today)
        if party == "workers" and by.role == "enterprise":
            faults.append(NOT_YOURS.at("/party"))
        refuse(faults)
        others = [given for given in self.approvals if given.party != party]
        given = Approval(party=party, approved_on=approved_on, entered_at=at, entered_by=by.id, role=by.role)
        self.approvals = [*others, given]
        if {given.party for given in self.approvals} == set(PARTIES):
            self.transition("approve")
            self._look_ahead()
            self.record(self._approved())

    def complete_action(
        self, action_id: UUID, completed_on: date, saving: int | None, basis: str | None, *, today: date
    ) -> bool:
        """Enter that an action was carried out, and what it saves; entered again it corrects. False when nothing is new."""
        self.LIFECYCLE.after(self.state, "complete")
        action = self.action(action_id)
        faults = future_faults("/completed_on", completed_on, today)
        if saving is not None and basis is None:
            faults.append(BASIS_MISSING.at("/basis"))
        if saving is None and basis is not None:
            faults.append(SAVING_MISSING.at("/saving"))
        refuse(faults)
        now = ("completed", completed_on, saving, basis)
        if now == (action.state, action.completed_on, action.saving, action.basis):
            return False
        self.transition("complete")
        action.state, action.completed_on, action.saving, action.basis = now
        self._look_ahead()
        self.record(
            ActionCompleted(
                plan_id=self.id,
                action_id=action.id,
                enterprise_id=self.enterprise_id,
                module=self.module,
                theme=action.theme,
                saving=None if saving is None else Money(amount=saving, currency="IDR"),
                verified=basis in VERIFIED,
                completed_on=completed_on,
                provider_id=self.provider_id,
            )
        )
        return True

    def action(self, action_id: UUID, *, open_only: bool = False) -> Action:
        """Return an action that stands; raises `NotFound` for any other, with `open_only` also for one that is completed."""
        hidden: Collection[str] = ("dropped", "completed") if open_only else ("dropped",)
        for action in self.actions:
            if action.id == action_id and action.state not in hidden:
                return action  # type: ignore[no-any-return]
        raise NotFound("Action", action_id)

    def late_actions(self, today: date) -> list[Action]:
        return [action for action in self.actions if action.is_late(today)]

    def _change(self) -> None:
        self.transition("change")
        self.approvals = []

    def _standing(self) -> list[Action]:
        return [action for action in self.actions if action.state != "dropped"]

    def _look_ahead(self) -> None:
        self.next_due_on = min((action.due_on for action in self.actions if action.state == "open"), default=None)

    def _approved(self) -> PlanApproved:
        themes = Counter(action.theme for action in self._standing())
        return PlanApproved(
            plan_id=self.id,
            enterprise_id=self.enterprise_id,
            module=self.module,
            themes=tuple(ThemeCount(theme=theme, actions=count) for theme, count in sorted(themes.items())),
            budget=Money(amount=sum(action.cost or 0 for action in self._standing()), currency="IDR"),
            approved_on=max(given.approved_on for given in self.approvals),
            provider_id=self.provider_id,
        )
