"""One enterprise's way through one module.

Module completed = classroom delivered and the required number of distinct accepted visits, in any order of arrival,
reversible (domain.md 10.7, rule 1). A visit dated before the last classroom day never counts. The id is the natural key,
so whoever comes first, classroom or visit, makes the journey.
"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Self
from uuid import UUID

import mongoengine as me

from shared.contracts.enrollment import ModuleCompleted, ModuleCompletionReversed
from shared.runtime import clock, ids
from shared.runtime.context import Principal
from shared.storage.aggregate import Aggregate
from shared.storage.indexes import index
from shared.storage.scope import rows_for

ZONE = "Asia/Jakarta"


class Classroom(me.EmbeddedDocument):  # type: ignore[misc]
    """The delivered training that counts."""

    training_id = me.UUIDField(required=True, binary=True)
    delivered_on = me.DateField(required=True)
    lead_trainer_id = me.UUIDField(required=True, binary=True)
    required_visits = me.IntField(required=True)
    delivery_mode = me.StringField(required=True)


class AcceptedVisit(me.EmbeddedDocument):  # type: ignore[misc]
    visit_id = me.UUIDField(required=True, binary=True)
    visited_on = me.DateField(required=True)


class Journey(Aggregate):
    meta: ClassVar[dict[str, Any]] = {"collection": "journeys"}
    INDEXES = (
        index("enterprise_id"),
        index("provider_id", "created_at"),
        index("created_at"),
        index("classroom.training_id"),
    )

    enterprise_id = me.UUIDField(required=True, binary=True)
    module = me.StringField(required=True)
    provider_id = me.UUIDField(required=True, binary=True)
    trainer_ids = me.ListField(me.UUIDField(binary=True))
    classroom = me.EmbeddedDocumentField(Classroom)
    visits = me.EmbeddedDocumentListField(AcceptedVisit)
    completed_on = me.DateField()
    completed_by = me.ListField(me.UUIDField(binary=True))

    @classmethod
    def row_scope(cls, principal: Principal) -> dict[str, Any] | None:
        return rows_for(principal, provider="provider_id", trainer="trainer_ids", enterprise="enterprise_id")

    @classmethod
    def of(cls, enterprise_id: UUID, module: str, provider_id: UUID) -> Self:
        """The journey of an enterprise through a module, new where there is none yet."""
        journey_id = ids.derived("journey", enterprise_id, module)
        known = cls.find(journey_id)
        return known or cls(id=journey_id, enterprise_id=enterprise_id, module=module, provider_id=provider_id)

    @property
    def state(self) -> str:
        return "completed" if self.completed_on else "open"

    @property
    def counted(self) -> list[AcceptedVisit]:
        """Accepted visits that count towards completion."""
        if self.classroom is None:
            return []
        visits: list[AcceptedVisit] = [v for v in self.visits if v.visited_on >= self.classroom.delivered_on]
        return sorted(visits, key=lambda visit: (visit.visited_on, visit.visit_id))

    @property
    def missing(self) -> dict[str, int]:
        """What completion still needs: `{"classroom": 1}` or `{"visits": n}`; empty when nothing is missing."""
        if self.classroom is None:
            return {"classroom": 1}
        visits = self.classroom.required_visits - len(self.counted)
        return {"visits": visits} if visits > 0 else {}

    def attend(self, classroom: Classroom) -> None:
        previous, self.classroom = self.classroom, classroom
        if classroom.lead_trainer_id not in self.trainer_ids:
            self.trainer_ids.append(classroom.lead_trainer_id)
        self._review("classroom_replaced", previous)

    def lose_classroom(self, training_id: UUID, reason: str) -> None:
        if self.classroom and self.classroom.training_id == training_id:
            lost, self.classroom = self.classroom, None
            self._review(reason, lost)

    def count(self, visit_id: UUID, visited_on: date) -> None:
        if all(visit.visit_id != visit_id for visit in self.visits):
            self.visits.append(AcceptedVisit(visit_id=visit_id, visited_on=visited_on))
            self._review("earlier_visit", self.classroom)

    def discount(self, visit_id: UUID, reason: str) -> None:
        self.visits = [visit for visit in self.visits if visit.visit_id != visit_id]
        self._review(reason, self.classroom)

    def _review(self, reason: str, before: Classroom | None) -> None:
        """Say what changed about completion. It rests on the first visits by date, whatever the order of their arrival."""
        needed = [] if self.missing else self.counted[: self.classroom.required_visits]
        basis = [visit.visit_id for visit in needed]
        stands = not self.missing and self.classroom == before and basis == self.completed_by
        if self.completed_on is not None and before is not None and not stands:
            said = self._completion(before)
            self.completed_on, self.completed_by = None, []
            self.record(ModuleCompletionReversed(**said, reason=reason, reversed_on=clock.today(ZONE)))
        if self.completed_on is None and not self.missing:
            self.completed_on = max([self.classroom.delivered_on, *(visit.visited_on for visit in needed)])
            self.completed_by = basis
            self.record(ModuleCompleted(**self._completion(self.classroom)))

    def _completion(self, classroom: Classroom) -> dict[str, Any]:
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
