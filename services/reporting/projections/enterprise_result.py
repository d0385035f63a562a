"""The row that is counted of an enterprise: where it is, which classrooms it had, which modules it completed, its graduation."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import mongoengine as me

from services.reporting.projections.model import Part, Projection, newer
from shared.contracts.event import Event
from shared.contracts.events.enrollment import (
    AboutCompletion,
    AboutDelivery,
    EnterpriseGraduated,
    EnterpriseGraduationReversed,
    EnterpriseProviderChanged,
    ModuleCompleted,
    TrainingDelivered,
)
from shared.contracts.events.enrollment_outlines import AboutEnterprise
from shared.kernel.principal import Principal
from shared.storage.indexes import index
from shared.storage.row_scope import Scope, rows_for


class Classroom(Part):
    """A delivered training; `stands` is false once the delivery was reversed."""

    mode = me.StringField(required=True)
    delivered_on = me.DateField(required=True)
    stands = me.BooleanField(required=True)


class Completion(Part):
    """A completed module; `stands` is false once the completion was reversed."""

    module = me.StringField(required=True)
    completed_on = me.DateField(required=True)
    stands = me.BooleanField(required=True)


class EnterpriseResult(Projection):
    """`described`, `placed` and `weighed` are the numbers of the events that gave the description, the provider and whether
    it graduated."""

    meta: ClassVar[dict[str, object]] = {"collection": "enterprise_results"}
    INDEXES = (index("generation"), index("provider_id"))

    described = me.IntField(required=True, default=0)
    placed = me.IntField(required=True, default=0)
    weighed = me.IntField(required=True, default=0)
    province = me.StringField()
    sector = me.StringField()
    women = me.IntField()
    men = me.IntField()
    provider_id = me.UUIDField(binary=True)
    graduated_on = me.DateField()
    classrooms = me.MapField(me.EmbeddedDocumentField(Classroom))
    completions = me.MapField(me.EmbeddedDocumentField(Completion))

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        return rows_for(principal, provider="provider_id")

    def apply_event(self, event: Event, sequence: int) -> None:
        match event:
            case AboutEnterprise():
                self._describe(event, sequence)
            case EnterpriseProviderChanged():
                self._place(event, sequence)
            case EnterpriseGraduated() | EnterpriseGraduationReversed():
                self._graduate(event, sequence)
            case AboutDelivery():
                self._attend(event, sequence)
            case AboutCompletion():
                self._complete(event, sequence)

    def trained(self, mode: str, since: date) -> bool:
        """Return whether it had at least one classroom of this delivery mode that still stands."""
        return any(
            room.stands and room.mode == mode and room.delivered_on >= since for room in self.classrooms.values()
        )

    def completed(self, since: date) -> bool:
        """Return whether it completed at least one module, and still does."""
        return any(done.stands and done.completed_on >= since for done in self.completions.values())

    def graduated(self, since: date) -> bool:
        """Return whether it completed every module of its plan, and still does."""
        return self.graduated_on is not None and bool(self.graduated_on >= since)

    def _describe(self, event: AboutEnterprise, sequence: int) -> None:
        if newer(self.described, sequence):
            self.described = sequence
            self.province, self.sector = event.province, event.sector
            self.women, self.men = event.headcount.women, event.headcount.men
        self._place(event, sequence)

    def _place(self, event: AboutEnterprise | EnterpriseProviderChanged, sequence: int) -> None:
        if newer(self.placed, sequence):
            self.placed, self.provider_id = sequence, event.provider_id

    def _graduate(self, event: EnterpriseGraduated | EnterpriseGraduationReversed, sequence: int) -> None:
        if newer(self.weighed, sequence):
            self.weighed = sequence
            self.graduated_on = event.graduated_on if isinstance(event, EnterpriseGraduated) else None

    def _attend(self, event: AboutDelivery, sequence: int) -> None:
        training = str(event.training_id)
        if newer(self.classrooms.get(training), sequence):
            self.classrooms[training] = Classroom(
                sequence=sequence,
                mode=event.delivery_mode,
                delivered_on=event.delivered_on,
                stands=isinstance(event, TrainingDelivered),
            )

    def _complete(self, event: AboutCompletion, sequence: int) -> None:
        journey = str(event.journey_id)
        if newer(self.completions.get(journey), sequence):
            self.completions[journey] = Completion(
                sequence=sequence,
                module=event.module,
                completed_on=event.completed_on,
                stands=isinstance(event, ModuleCompleted),
            )
