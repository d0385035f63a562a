"""One enterprise's way through one module.

Module completed = classroom delivered and the required number of distinct accepted visits, in any order of arrival,
reversible (domain.md 10.7, rule 1). Of several classrooms that stand the latest counts; when it is taken back, an
earlier one counts again. A visit dated before the last classroom day never counts. A module not completed in time
lapses; it is completed all the same when what was missing still comes. The id is the natural key, so whoever comes
first, classroom or visit, makes the journey.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar, TypedDict
from uuid import UUID

import mongoengine as me

from services.enrollment.journeys.missing import StillMissing
from shared.contracts.events.enrollment import ModuleCompleted, ModuleCompletionReversed, ModuleLapsed
from shared.contracts.values import DeliveryMode, MissingPart, Module
from shared.domain.aggregate import Aggregate
from shared.kernel.principal import Principal
from shared.storage.indexes import by_time, index
from shared.storage.row_scope import Scope, rows_for


class Completion(TypedDict):
    """What completing a module and losing it again have in common."""

    journey_id: UUID
    enterprise_id: UUID
    module: Module
    training_id: UUID
    visit_ids: tuple[UUID, ...]
    lead_trainer_id: UUID
    delivery_mode: DeliveryMode
    provider_id: UUID
    completed_on: date


class Classroom(me.EmbeddedDocument):  # type: ignore[misc]
    """A delivered training that stands."""

    training_id = me.UUIDField(required=True, binary=True)
    delivered_on = me.DateField(required=True)
    lead_trainer_id = me.UUIDField(required=True, binary=True)
    required_visits = me.IntField(required=True)
    delivery_mode = me.StringField(required=True)


class AcceptedVisit(me.EmbeddedDocument):  # type: ignore[misc]
    visit_id = me.UUIDField(required=True, binary=True)
    visited_on = me.DateField(required=True)


class Journey(Aggregate):
    """`begun_on` is the day from which a lapse is counted, empty while there is nothing that can lapse. `unattended` are
    delivered trainings that the enterprise had seats in and did not attend as it has to."""

    meta: ClassVar[dict[str, object]] = {"collection": "journeys"}
    INDEXES = (
        *by_time("provider_id"),
        index("enterprise_id"),
        index("classrooms.training_id"),
        index("unattended"),
        index("begun_on"),
    )

    enterprise_id = me.UUIDField(required=True, binary=True)
    module = me.StringField(required=True)
    provider_id = me.UUIDField(required=True, binary=True)
    trainer_ids = me.ListField(me.UUIDField(binary=True))
    classrooms = me.EmbeddedDocumentListField(Classroom)
    unattended = me.ListField(me.UUIDField(binary=True))
    visits = me.EmbeddedDocumentListField(AcceptedVisit)
    begun_on = me.DateField()
    completed_on = me.DateField()
    completed_by = me.ListField(me.UUIDField(binary=True))
    lapsed_on = me.DateField()

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        return rows_for(principal, provider="provider_id", trainer="trainer_ids", enterprise="enterprise_id")

    @property
    def state(self) -> str:
        if self.completed_on:
            return "completed"
        return "lapsed" if self.lapsed_on else "open"

    @property
    def classroom(self) -> Classroom | None:
        """Return the classroom that counts: the latest that stands."""
        return max(self.classrooms, key=lambda room: (room.delivered_on, room.training_id), default=None)

    @property
    def counted(self) -> list[AcceptedVisit]:
        """Return the accepted visits that count towards completion, the first one first."""
        room = self.classroom
        if room is None:
            return []
        visits: list[AcceptedVisit] = [visit for visit in self.visits if visit.visited_on >= room.delivered_on]
        return sorted(visits, key=lambda visit: (visit.visited_on, visit.visit_id))

    @property
    def missing(self) -> dict[MissingPart, int]:
        """Return what completion still needs: one classroom, `attendance` where one took place without the enterprise being
        there as it has to, or a number of visits; empty when nothing is missing."""
        room = self.classroom
        if room is None:
            return {"attendance": 1} if self.unattended else {"classroom": 1}
        visits = room.required_visits - len(self.counted)
        return {"visits": visits} if visits > 0 else {}

    @property
    def missing_parts(self) -> list[StillMissing]:
        return [StillMissing(part, count) for part, count in self.missing.items()]

    def attend(self, classroom: Classroom, *, today: date) -> None:
        before = self.classroom
        self._forget_unattended(classroom.training_id)
        others = [room for room in self.classrooms if room.training_id != classroom.training_id]
        self.classrooms = sorted([*others, classroom], key=lambda room: (room.delivered_on, room.training_id))
        if classroom.lead_trainer_id not in self.trainer_ids:
            self.trainer_ids = sorted([*self.trainer_ids, classroom.lead_trainer_id])
        self._review("classroom_replaced", before, today)

    def fail_attendance(self, training_id: UUID) -> None:
        """Note a training in which the enterprise was not there with a manager and a worker on every day."""
        if training_id not in self.unattended:
            self.unattended = sorted([*self.unattended, training_id])

    def lose_classroom(self, training_id: UUID, reason: str, *, today: date) -> None:
        before = self.classroom
        self._forget_unattended(training_id)
        self.classrooms = [room for room in self.classrooms if room.training_id != training_id]
        leads = {room.lead_trainer_id for room in self.classrooms}
        self.trainer_ids = [trainer_id for trainer_id in self.trainer_ids if trainer_id in leads]
        self._review(reason, before, today)

    def count(self, visit_id: UUID, visited_on: date, *, today: date) -> None:
        if all(visit.visit_id != visit_id for visit in self.visits):
            self.visits.append(AcceptedVisit(visit_id=visit_id, visited_on=visited_on))
            self._review("earlier_visit", self.classroom, today)

    def discount(self, visit_id: UUID, reason: str, *, today: date) -> None:
        self.visits = [visit for visit in self.visits if visit.visit_id != visit_id]
        self._review(reason, self.classroom, today)

    def lapse(self, today: date, delivery_mode: DeliveryMode) -> None:
        """Let it lapse where something is missing. `delivery_mode` is the enterprise's, where no classroom says it."""
        if self.completed_on or self.lapsed_on or self.begun_on is None:
            return
        room = self.classroom
        self.lapsed_on, self.begun_on = today, None
        self.record(
            ModuleLapsed(
                journey_id=self.id, enterprise_id=self.enterprise_id, module=self.module,
                training_id=room.training_id if room else None,
                visit_ids=tuple(visit.visit_id for visit in self.counted),
                lead_trainer_id=room.lead_trainer_id if room else None,
                delivery_mode=room.delivery_mode if room else delivery_mode,
                provider_id=self.provider_id, missing=tuple(self.missing), lapsed_on=today,
            )
        )  # fmt: skip

    def _forget_unattended(self, training_id: UUID) -> None:
        self.unattended = [other for other in self.unattended if other != training_id]

    def _review(self, reason: str, before: Classroom | None, today: date) -> None:
        """Complete it or reverse that, as due. Completion rests on the first visits by date, whatever their order of arrival."""
        room = self.classroom
        needed = self.counted[: room.required_visits] if room and not self.missing else []
        basis = [visit.visit_id for visit in needed]
        stands = not self.missing and room == before and basis == self.completed_by
        if self.completed_on is not None and before is not None and not stands:
            completion = self._completion(before)
            self.completed_on, self.completed_by = None, []
            self.record(ModuleCompletionReversed(**completion, reason=reason, reversed_on=today))
        if self.completed_on is None and room is not None and not self.missing:
            self.completed_on = max([room.delivered_on, *(visit.visited_on for visit in needed)])
            self.completed_by = basis
            self.record(ModuleCompleted(**self._completion(room)))
        self._begin_again(room, before)

    def _begin_again(self, room: Classroom | None, before: Classroom | None) -> None:
        """Start the time anew of a module that was completed, or has another classroom than when it lapsed."""
        if self.completed_on or room != before:
            self.lapsed_on = None
        if self.completed_on or self.lapsed_on:
            self.begun_on = None
        else:
            first = min((visit.visited_on for visit in self.visits), default=None)
            self.begun_on = room.delivered_on if room else first

    def _completion(self, classroom: Classroom) -> Completion:
        return {
            "journey_id": self.id,
            "enterprise_id": self.enterprise_id,
            "module": self.module,
            "training_id": classroom.training_id,
            "visit_ids": tuple(self.completed_by),
            "lead_trainer_id": classroom.lead_trainer_id,
            "delivery_mode": classroom.delivery_mode,
            "provider_id": self.provider_id,
            "completed_on": self.completed_on,
        }
