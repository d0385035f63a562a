"""A classroom training: days, trainers and the rosters of the enterprises that take part."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

import mongoengine as me

from services.enrollment.enterprise import Persons
from services.enrollment.refusals import refused
from shared.contracts.enrollment import DeliveryReversed, RosterSeated, TrainingDelivered, TrainingScheduled
from shared.contracts.values import Attendance, DeliveredEnterprise
from shared.errors import Conflict, NotAllowedNow
from shared.runtime import clock, ids
from shared.runtime.context import Principal, current_principal
from shared.storage.aggregate import Aggregate
from shared.storage.indexes import index
from shared.storage.lifecycle import Lifecycle, step
from shared.storage.scope import rows_for


class Seats(me.EmbeddedDocument):  # type: ignore[misc]
    """Persons by role and sex."""

    managers = me.EmbeddedDocumentField(Persons, required=True)
    workers = me.EmbeddedDocumentField(Persons, required=True)

    def counted(self) -> Attendance:
        return Attendance(managers=self.managers.counted(), workers=self.workers.counted())


class Roster(me.EmbeddedDocument):  # type: ignore[misc]
    """One enterprise's seats in a classroom."""

    enterprise_id = me.UUIDField(required=True, binary=True)
    journey_id = me.UUIDField(required=True, binary=True)
    seats = me.EmbeddedDocumentField(Seats, required=True)
    attended = me.EmbeddedDocumentField(Seats)


class Training(Aggregate):
    meta: ClassVar[dict[str, Any]] = {"collection": "trainings"}
    INDEXES = (
        index("provider_id", "created_at"),
        index("created_at"),
        index("trainer_ids"),
        index("rosters.enterprise_id"),
    )
    LIFECYCLE = Lifecycle(
        "scheduled", {"deliver": step("scheduled", to="delivered"), "reverse": step("delivered", to="scheduled")}
    )

    module = me.StringField(required=True)
    module_version = me.IntField(required=True)
    required_visits = me.IntField(required=True)
    kind = me.StringField(required=True, default="regular")
    days = me.ListField(me.DateField(), required=True)
    zone = me.StringField(required=True)
    venue = me.StringField()
    capacity = me.IntField(required=True)
    provider_id = me.UUIDField(required=True, binary=True)
    lead_trainer_id = me.UUIDField(required=True, binary=True)
    co_trainer_ids = me.ListField(me.UUIDField(binary=True))
    supervisor_id = me.UUIDField(binary=True)
    trainer_ids = me.ListField(me.UUIDField(binary=True))
    delivery_mode = me.StringField(required=True)
    revision = me.IntField(required=True, default=1)
    rosters = me.EmbeddedDocumentListField(Roster)
    state = me.StringField(required=True, default="scheduled")

    @classmethod
    def row_scope(cls, principal: Principal) -> dict[str, Any] | None:
        return rows_for(principal, provider="provider_id", trainer="trainer_ids", enterprise="rosters.enterprise_id")

    @property
    def last_day(self) -> date:
        day: date = max(self.days)
        return day

    @property
    def visible_rosters(self) -> list[Roster]:
        """An enterprise sees its own roster, not who sits beside it."""
        principal = current_principal()
        own = principal.enterprise if principal.role == "enterprise" else None
        return [roster for roster in self.rosters if own is None or roster.enterprise_id == own]

    @property
    def seats_taken(self) -> int:
        return sum(roster.seats.counted().total for roster in self.rosters)

    def schedule(self) -> None:
        self.trainer_ids = [self.lead_trainer_id, *self.co_trainer_ids, *filter(None, [self.supervisor_id])]
        self.record(
            TrainingScheduled(
                training_id=self.id,
                revision=self.revision,
                module=self.module,
                module_version=self.module_version,
                kind=self.kind,
                days=tuple(self.days),
                zone=self.zone,
                provider_id=self.provider_id,
                lead_trainer_id=self.lead_trainer_id,
                co_trainer_ids=tuple(self.co_trainer_ids),
                supervisor_id=self.supervisor_id,
                delivery_mode=self.delivery_mode,
            )
        )

    def seat(self, enterprise_id: UUID, seats: Seats) -> None:
        """Give an enterprise its seats; refuses a roster without manager or worker, a second one, and a full room."""
        if self.state != "scheduled":
            raise NotAllowedNow(verb="seat", state=self.state, allowed_from=("scheduled",))
        wanted = seats.counted()
        for role, count in (("managers", wanted.managers.total), ("workers", wanted.workers.total)):
            if count == 0:
                raise refused(f"/seats/{role}", "role-missing")
        if any(roster.enterprise_id == enterprise_id for roster in self.rosters):
            raise Conflict({"id": "Usaha ini sudah punya tempat.", "en": "This enterprise already has its seats."})
        if self.seats_taken + wanted.total > self.capacity:
            raise Conflict({"id": "Kursi tidak cukup.", "en": "There are not enough seats left."})
        journey_id = ids.derived("journey", enterprise_id, self.module)
        self.rosters.append(Roster(enterprise_id=enterprise_id, journey_id=journey_id, seats=seats))
        self.record(
            RosterSeated(
                training_id=self.id,
                enterprise_id=enterprise_id,
                journey_id=journey_id,
                module=self.module,
                seats=wanted,
            )
        )

    def deliver(self, attended: dict[UUID, Seats]) -> None:
        """Close the attendance list. `attended` holds those present on every day, for each enterprise with seats."""
        self.move("deliver")
        if self.last_day > clock.today(self.zone):
            raise NotAllowedNow(
                {"id": "Hari terakhir pelatihan belum tiba.", "en": "The last day of the training is still to come."},
                verb="deliver",
            )
        for roster in self.rosters:
            if roster.enterprise_id not in attended:
                raise refused("/attendance", "enterprise-missing")
            roster.attended = attended[roster.enterprise_id]
        seated = {roster.enterprise_id: roster.seats.counted().total for roster in self.rosters}
        for number, (enterprise_id, seats) in enumerate(attended.items()):
            if enterprise_id not in seated:
                raise refused("/attendance", "enterprise-not-seated")
            if seats.counted().total > seated[enterprise_id]:
                raise refused(f"/attendance/{number}", "more-than-seated")
        self.record(TrainingDelivered(**self._delivery()))

    def reverse(self, reason: str) -> None:
        """Take a delivery back: it no longer counts anywhere."""
        self.move("reverse")
        said = self._delivery()
        for roster in self.rosters:
            roster.attended = None
        self.record(DeliveryReversed(**said, reason=reason, reversed_on=clock.today(self.zone)))

    def _delivery(self) -> dict[str, Any]:
        return {
            "training_id": self.id,
            "module": self.module,
            "module_version": self.module_version,
            "delivered_on": self.last_day,
            "provider_id": self.provider_id,
            "lead_trainer_id": self.lead_trainer_id,
            "trainer_ids": tuple(self.trainer_ids),
            "supervisor_id": self.supervisor_id,
            "delivery_mode": self.delivery_mode,
            "required_visits": self.required_visits,
            "enterprises": tuple(
                DeliveredEnterprise(
                    enterprise_id=roster.enterprise_id,
                    journey_id=roster.journey_id,
                    attendance=roster.attended.counted(),
                )
                for roster in self.present()
            ),
        }

    def present(self) -> list[Roster]:
        """Rosters of enterprises that came with at least one manager and one worker for all days."""
        return [
            roster
            for roster in self.rosters
            if roster.attended and roster.attended.counted().managers.total and roster.attended.counted().workers.total
        ]
