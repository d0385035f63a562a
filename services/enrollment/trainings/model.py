"""A classroom training: days, trainers, the rosters that have seats and those that wait for some, and its delivery."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import ClassVar, Unpack
from uuid import UUID

import mongoengine as me

from services.enrollment.enterprises.parts import journey_id_of
from services.enrollment.errors import refused
from services.enrollment.rosters.attendance import DayPresence, count_attendance, entered
from services.enrollment.rosters.model import Placement, Roster, SeatedPerson, Seats, next_to_seat, require_both_roles
from services.enrollment.trainers.lead import Lead
from services.enrollment.trainings import errors
from services.enrollment.trainings.rules import Delivery, RosterInTraining, TrainingChanges, TrainingPlan, require_hours
from shared.contracts.events import enrollment as contract
from shared.contracts.values import InvitedEnterprise
from shared.domain.aggregate import Aggregate
from shared.domain.errors import Conflict, NotAllowedNow, NotFound
from shared.domain.external_ids import ExternallyNumbered, by_number
from shared.domain.lifecycle import Lifecycle, allow
from shared.domain.refusals import Refusals
from shared.kernel.principal import Principal
from shared.storage.indexes import by_time, index
from shared.storage.row_scope import Scope, rows_for


class Training(ExternallyNumbered, Aggregate):
    meta: ClassVar[dict[str, object]] = {"collection": "trainings"}
    INDEXES = (
        *by_time("provider_id"),
        index("trainer_ids"),
        index("rosters.enterprise_id"),
        index("enterprise_ids"),
        index("state"),
        by_number(),
    )
    LIFECYCLE = Lifecycle(
        "scheduled",
        {
            "seat": allow("scheduled", to="scheduled"),
            "resize": allow("scheduled", to="scheduled"),
            "reschedule": allow("scheduled", to="scheduled"),
            "cancel": allow("scheduled", to="cancelled"),
            "attend": allow("scheduled", to="scheduled"),
            "deliver": allow("scheduled", to="delivered"),
            "reverse": allow("delivered", to="scheduled"),
        },
    )

    module = me.StringField(required=True)
    module_version = me.IntField(required=True)
    required_visits = me.IntField(required=True)
    kind = me.StringField(required=True, default="regular")
    days = me.ListField(me.DateField(), required=True)
    zone = me.StringField(required=True)
    venue = me.StringField()
    venue_address = me.StringField()
    start_time = me.StringField()
    end_time = me.StringField()
    capacity = me.IntField(required=True)
    provider_id = me.UUIDField(required=True, binary=True)
    lead_trainer_id = me.UUIDField(required=True, binary=True)
    co_trainer_ids = me.ListField(me.UUIDField(binary=True))
    supervisor_id = me.UUIDField(binary=True)
    trainer_ids = me.ListField(me.UUIDField(binary=True))
    delivery_mode = me.StringField(required=True)
    revision = me.IntField(required=True, default=1)
    rosters = me.EmbeddedDocumentListField(Roster)
    waiting = me.EmbeddedDocumentListField(Roster)
    enterprise_ids = me.ListField(me.UUIDField(binary=True))
    presence = me.EmbeddedDocumentListField(DayPresence)
    conflict_days = me.ListField(me.DateField())
    cancellation_reason = me.StringField()
    state = me.StringField(required=True, default="scheduled")

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        return rows_for(principal, provider="provider_id", trainer="trainer_ids", enterprise="enterprise_ids")

    @property
    def lead(self) -> Lead:
        return Lead(self.module, self.lead_trainer_id, self.supervisor_id)

    @property
    def last_day(self) -> date:
        day: date = max(self.days)
        return day

    @property
    def seats_taken(self) -> int:
        return sum(roster.size for roster in self.rosters)

    @property
    def seats_free(self) -> int:
        return int(self.capacity) - self.seats_taken

    @property
    def named_trainers(self) -> list[UUID]:
        """Return whom the plan names; `trainer_ids` are those who see it, nobody once it is called off."""
        return [self.lead_trainer_id, *self.co_trainer_ids, *filter(None, [self.supervisor_id])]

    def schedule(self) -> None:
        require_hours(self.start_time, self.end_time)
        self.trainer_ids = self.named_trainers
        self.record(contract.TrainingScheduled(**self._plan()))

    def reschedule(self, *, reason: str, **changes: Unpack[TrainingChanges]) -> None:
        """Move it, or change its trainers or venue; what was entered for days that are dropped goes with them."""
        self.transition("reschedule")
        previous = tuple(self.days)
        for name, value in changes.items():
            setattr(self, name, value)
        require_hours(self.start_time, self.end_time)
        self.presence = [presence for presence in self.presence if presence.day in self.days]
        self.conflict_days = []
        self.revision += 1
        self.trainer_ids = self.named_trainers
        self.record(
            contract.TrainingRescheduled(**self._plan(), previous_days=previous, reason=reason, invited=self._invited())
        )

    def resize(self, capacity: int) -> None:
        """Give the room another number of seats, never fewer than are taken."""
        self.transition("resize")
        if capacity < self.seats_taken:
            raise refused("/capacity", errors.FEWER_THAN_TAKEN)
        self.capacity = capacity
        self._promote()

    def cancel(self, reason: str) -> None:
        self.transition("cancel")
        self.cancellation_reason, self.conflict_days, self.trainer_ids = reason, [], []
        self.record(contract.TrainingCancelled(**self._plan(), reason=reason, invited=self._invited()))

    def seat(self, enterprise_id: UUID, seats: Seats, persons: list[SeatedPerson] | None = None) -> None:
        """Give an enterprise its seats, or a place in the waiting list where they do not fit whole."""
        self.transition("seat")
        require_both_roles(seats.counted())
        if seats.counted().total > self.capacity:
            raise refused("/seats", errors.MORE_THAN_ROOM)
        if enterprise_id in self.enterprise_ids:
            raise Conflict(errors.SEATED_ALREADY)
        journey_id = journey_id_of(enterprise_id, self.module)
        roster = Roster(enterprise_id=enterprise_id, journey_id=journey_id, seats=seats, persons=persons or [])
        self.enterprise_ids = [*self.enterprise_ids, enterprise_id]
        if roster.size <= self.seats_free:
            self._seat_roster(roster)
            return
        self.waiting = [*self.waiting, roster]
        self.record(contract.RosterWaitlisted(**self._roster_data(roster), position=len(self.waiting)))

    def withdraw(self, enterprise_id: UUID, reason: str) -> None:
        """Take back an enterprise's seats or its place in the waiting list."""
        self.transition("seat")
        given_up = self.roster_of(enterprise_id)
        self.rosters = [roster for roster in self.rosters if roster.enterprise_id != enterprise_id]
        self.waiting = [roster for roster in self.waiting if roster.enterprise_id != enterprise_id]
        self.enterprise_ids = [other for other in self.enterprise_ids if other != enterprise_id]
        self.record(contract.RosterWithdrawn(**self._roster_data(given_up), reason=reason))
        self._promote()

    def release(self, enterprise_id: UUID, seats: Seats, persons: list[SeatedPerson] | None = None) -> None:
        """Leave an enterprise only these of its seats."""
        self.transition("seat")
        require_both_roles(seats.counted())
        roster = self.roster_of(enterprise_id)
        if seats.counted().total > roster.size:
            raise refused("/seats", errors.MORE_THAN_HELD)
        roster.seats, roster.persons = seats, persons or []
        if roster in self.rosters:
            self.record(contract.RosterSeated(**self._roster_data(roster)))
        self._promote()

    def roster_of(self, enterprise_id: UUID) -> Roster:
        """Return an enterprise's roster, seated or waiting; raises `NotFound`."""
        rosters: dict[UUID, Roster] = {roster.enterprise_id: roster for roster in (*self.rosters, *self.waiting)}
        if enterprise_id not in rosters:
            raise NotFound("Roster", enterprise_id)
        return rosters[enterprise_id]

    def placement_of(self, enterprise_id: UUID) -> Placement:
        places = {roster.enterprise_id: number for number, roster in enumerate(self.waiting, start=1)}
        return Placement(self.id, self.roster_of(enterprise_id), places.get(enterprise_id, 0), self.version)

    def attend(self, day: date, participant_ids: Sequence[UUID], *, today: date) -> None:
        """Enter who was there on a day; entering the day again replaces its list."""
        self.transition("attend")
        faults = Refusals()
        with faults.gather():
            if day not in self.days:
                raise refused("/day", errors.NOT_A_TRAINING_DAY)
            if day > today:
                raise refused("/day", errors.DAY_TO_COME)
        seated = {person.participant_id for roster in self.rosters for person in roster.persons}
        for number, participant_id in enumerate(participant_ids):
            with faults.gather():
                if participant_id not in seated:
                    raise refused(f"/participant_ids/{number}", errors.PARTICIPANT_NOT_SEATED)
        faults.end()
        self.presence = entered(self.presence, day, participant_ids)

    def deliver(self, attended: dict[UUID, Seats], *, today: date, days_without_list: Collection[date] = ()) -> None:
        """Close the attendance list: its daily lists, or the numbers `attended` of an enterprise that has none."""
        self.transition("deliver")
        if self.last_day > today:
            raise NotAllowedNow(errors.LAST_DAY_TO_COME, verb="deliver")
        count_attendance(self.rosters, self.presence, self.days, attended, days_without_list)
        self.record(contract.TrainingDelivered(**self._delivery()))

    def reverse(self, reason: str, *, today: date) -> None:
        """Take a delivery back: it no longer counts anywhere."""
        self.transition("reverse")
        undone = self._delivery()
        for roster in self.rosters:
            roster.attended, roster.present_ids = None, []
        self.record(contract.DeliveryReversed(**undone, reason=reason, reversed_on=today))

    def present(self) -> list[Roster]:
        """Return the rosters of enterprises that came with at least one manager and one worker for all days."""
        return [roster for roster in self.rosters if roster.came]

    def absent(self) -> list[Roster]:
        """Return the rosters of enterprises for which a delivered classroom does not count."""
        return [roster for roster in self.rosters if not roster.came]

    def review_lead(self, uncovered: list[date], *, today: date) -> bool:
        """Note the days to come on which the lead trainer is not entitled; true when that is another finding than before."""
        if uncovered == self.conflict_days or self.state != "scheduled":
            return False
        self.conflict_days = uncovered
        if uncovered:
            self.record(
                contract.TrainerConflictFound(
                    training_id=self.id, module=self.module, provider_id=self.provider_id,
                    lead_trainer_id=self.lead_trainer_id, days=tuple(uncovered), found_on=today,
                )
            )  # fmt: skip
        return True

    def _seat_roster(self, roster: Roster) -> None:
        self.rosters = [*self.rosters, roster]
        self.record(contract.RosterSeated(**self._roster_data(roster)))

    def _promote(self) -> None:
        promoted = next_to_seat(self.waiting, self.seats_free)
        self.waiting = [roster for roster in self.waiting if roster not in promoted]
        for roster in promoted:
            self._seat_roster(roster)

    def _plan(self) -> TrainingPlan:
        return {
            "training_id": self.id,
            "revision": self.revision,
            "module": self.module,
            "module_version": self.module_version,
            "kind": self.kind,
            "days": tuple(self.days),
            "zone": self.zone,
            "start_time": self.start_time,
            "end_time": self.end_time,
            "provider_id": self.provider_id,
            "lead_trainer_id": self.lead_trainer_id,
            "co_trainer_ids": tuple(self.co_trainer_ids),
            "supervisor_id": self.supervisor_id,
            "delivery_mode": self.delivery_mode,
        }

    def _invited(self) -> tuple[InvitedEnterprise, ...]:
        """Return the enterprises that a change of the plan concerns: those with seats and those that wait."""
        return tuple(roster.invited() for roster in (*self.rosters, *self.waiting))

    def _roster_data(self, roster: Roster) -> RosterInTraining:
        return {
            "training_id": self.id,
            "enterprise_id": roster.enterprise_id,
            "journey_id": roster.journey_id,
            "module": self.module,
            "seats": roster.seats.counted(),
            "participant_ids": tuple(roster.participant_ids),
        }

    def _delivery(self) -> Delivery:
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
            "enterprises": tuple(roster.delivered() for roster in self.present()),
        }
