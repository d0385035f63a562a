"""A training as it is planned now, as far as letters need it: its days, who has places, who waits, who teaches.

It is built from the whole history of a training, so that a letter about a place knows the days, a reminder those that hold,
and a letter about other days who has yet to hear of the former ones.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, ClassVar, NotRequired, TypedDict
from uuid import UUID

import mongoengine as me

from services.notifications.trainings.rules import Due
from shared.domain.aggregate import StoredDocument
from shared.kernel import ids
from shared.kernel.principal import Principal
from shared.storage.indexes import index
from shared.storage.row_scope import Scope

BEGINNING_OF_LETTERS = ids.derived("notifications", "beginning of letters")


class Plan(TypedDict):
    """What is planned."""

    module: str
    days: list[date]
    zone: str
    start_time: str | None
    end_time: str | None
    provider_id: UUID
    trainer_ids: NotRequired[list[UUID]]


class Invited(me.EmbeddedDocument):  # type: ignore[misc]
    """An enterprise with places, or one that waits for some; `since` is when it was told so last."""

    enterprise_id = me.UUIDField(required=True, binary=True)
    participant_ids = me.ListField(me.UUIDField(binary=True))
    waits = me.BooleanField(required=True, default=False)
    since = me.DateTimeField(required=True)


class PlannedTraining(StoredDocument):
    meta: ClassVar[dict[str, object]] = {"collection": "planned_trainings"}
    INDEXES = (index("next_reminder_at", sparse=True),)

    module = me.StringField(required=True)
    days = me.ListField(me.DateField())
    zone = me.StringField(required=True)
    start_time = me.StringField()
    end_time = me.StringField()
    provider_id = me.UUIDField(required=True, binary=True)
    trainer_ids = me.ListField(me.UUIDField(binary=True))
    invited = me.EmbeddedDocumentListField(Invited)
    attended_ids = me.ListField(me.UUIDField(binary=True))
    delivered_on = me.DateField()
    state = me.StringField(required=True, default="scheduled")
    planned_since = me.DateTimeField(required=True)
    cause_id = me.UUIDField(required=True, binary=True)
    correlation_id = me.UUIDField(required=True, binary=True)
    reminded = me.ListField(me.StringField())
    next_reminder_at = me.DateTimeField()

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        """Return no scope for anybody: it serves to write letters, and no page shows it."""
        del principal
        return None

    @property
    def first_day(self) -> date:
        day: date = min(self.days)
        return day

    def follow(self, plan: Plan, at: datetime) -> bool:
        """Take over what is planned; true where somebody invited has to come at another time than before."""
        before = (self.days, self.start_time, self.end_time)
        for name, value in plan.items():
            setattr(self, name, value)
        moved = before != (plan["days"], plan["start_time"], plan["end_time"])
        if moved:
            self.planned_since = at
        return moved

    def invitation_of(self, enterprise_id: UUID) -> Invited | None:
        return next((row for row in self.invited if row.enterprise_id == enterprise_id), None)

    def invite(self, enterprise_id: UUID, participant_ids: Iterable[UUID], at: datetime, *, waits: bool) -> None:
        self.drop(enterprise_id)
        row = Invited(enterprise_id=enterprise_id, participant_ids=list(participant_ids), waits=waits, since=at)
        self.invited = [*self.invited, row]

    def drop(self, enterprise_id: UUID) -> None:
        self.invited = [row for row in self.invited if row.enterprise_id != enterprise_id]

    def about(self) -> dict[str, Any]:
        """Return what letters about it keep."""
        return {
            "training_id": str(self.id),
            "module": self.module,
            "days": [day.isoformat() for day in self.days],
            "start_time": self.start_time,
            "end_time": self.end_time,
            "zone": self.zone,
            "provider_id": str(self.provider_id),
        }

    def remind(self, due: Iterable[Due], now: datetime) -> list[Due]:
        """Note which of these reminders are due now for the first time, and when the next one is; return those of use still."""
        new = [one for one in due if one.key not in self.reminded]
        self.reminded = [*self.reminded, *(one.key for one in new if one.at <= now)]
        self.next_reminder_at = min((one.at for one in new if one.at > now), default=None)
        return [one for one in new if one.at <= now < one.until]

    def await_reminders(self, due: Iterable[Due]) -> None:
        """Note when the next reminder is due, after the plan has changed."""
        self.next_reminder_at = min((one.at for one in due if one.key not in self.reminded), default=None)


class BeginningOfLetters(StoredDocument):
    """Since when this store writes letters: what happened before concerns nobody who reads them now.

    The groups that keep plans read history from its beginning. A store that was lost and is filled anew sends nothing.
    """

    meta: ClassVar[dict[str, object]] = {"collection": "beginning_of_letters"}

    at = me.DateTimeField(required=True)

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        del principal
        return None
