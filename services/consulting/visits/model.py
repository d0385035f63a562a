"""A consultancy visit: planned, reported by its trainer, accepted or returned by somebody else.

Only an accepted visit counts; voiding takes it back with the same words that counted it. Findings, actions and comments
never leave this service.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar, TypedDict
from uuid import UUID

import mongoengine as me

from services.consulting.visits.errors import ENTERED_REPORT, OWN_REPORT
from services.consulting.visits.rules import require_past
from shared.contracts.events.consulting import (
    VisitAccepted,
    VisitCancelled,
    VisitRescheduled,
    VisitReturned,
    VisitScheduled,
    VisitVoided,
)
from shared.contracts.values import Module
from shared.domain.aggregate import Aggregate
from shared.domain.errors import Forbidden
from shared.domain.external_ids import ExternallyNumbered, by_number
from shared.domain.lifecycle import Lifecycle, allow
from shared.kernel.message import Message
from shared.kernel.principal import Principal
from shared.storage.indexes import by_time, index
from shared.storage.row_scope import Scope, rows_for


class VisitSubject(TypedDict):
    """What every event says of the visit that it is about."""

    visit_id: UUID
    enterprise_id: UUID
    module: Module
    number: int
    trainer_id: UUID


class PlannedVisit(VisitSubject):
    """What the events of a visit that is to come have in common."""

    planned_on: date
    minutes: int
    provider_id: UUID


class ReportedVisit(VisitSubject):
    """What the events of a visit that took place have in common."""

    visited_on: date
    minutes: int
    provider_id: UUID


class Report(me.EmbeddedDocument):  # type: ignore[misc]
    """The trainer's report of a visit that took place."""

    visited_on = me.DateField(required=True)
    minutes = me.IntField(required=True)
    findings = me.StringField(required=True)
    actions = me.StringField()
    reported_by = me.UUIDField(required=True, binary=True)
    reported_at = me.DateTimeField(required=True)


class Happening(me.EmbeddedDocument):  # type: ignore[misc]
    """One step of a visit, and by whom: the pseudonym of a principal and the role it acted in."""

    verb = me.StringField(required=True)
    at = me.DateTimeField(required=True)
    by = me.UUIDField(required=True, binary=True)
    role = me.StringField(required=True)
    reason = me.StringField()
    comment = me.StringField()


class Visit(ExternallyNumbered, Aggregate):
    """`released` are visits that are called off, or whose enterprise moved to another provider since its trainer was named:
    the trainer no longer sees them, until one is given to them again."""

    meta: ClassVar[dict[str, object]] = {"collection": "visits"}
    INDEXES = (
        *by_time("provider_id", "trainer_id"),
        index("enterprise_id", "module"),
        index("state", "planned_on"),
        by_number(),
    )
    LIFECYCLE = Lifecycle(
        "scheduled",
        {
            "reschedule": allow("scheduled", to="scheduled"),
            "cancel": allow("scheduled", to="cancelled"),
            "report": allow("scheduled", "returned", to="reported"),
            "accept": allow("reported", to="accepted"),
            "return": allow("reported", to="returned"),
            "void": allow("accepted", to="voided"),
        },
    )

    enterprise_id = me.UUIDField(required=True, binary=True)
    module = me.StringField(required=True)
    number = me.IntField(required=True)
    planned_on = me.DateField(required=True)
    minutes = me.IntField(required=True)
    trainer_id = me.UUIDField(required=True, binary=True)
    provider_id = me.UUIDField(required=True, binary=True)
    credited_to = me.UUIDField(binary=True)
    released = me.BooleanField(required=True, default=False)
    report = me.EmbeddedDocumentField(Report)
    history = me.EmbeddedDocumentListField(Happening)
    state = me.StringField(required=True, default="scheduled")

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        scope = rows_for(principal, provider="provider_id", trainer="trainer_id", enterprise="enterprise_id")
        return {**scope, "released": {"$ne": True}} if scope and principal.role == "trainer" else scope

    def schedule(self, *, by: Principal, at: datetime) -> None:
        self._note("schedule", by=by, at=at)
        self.record(VisitScheduled(**self._plan()))

    def reschedule(
        self, planned_on: date, minutes: int, trainer_id: UUID, reason: str, *, by: Principal, at: datetime
    ) -> None:
        """Move a visit, or give it to another trainer."""
        self.transition("reschedule")
        previous_on = self.planned_on
        self.planned_on, self.minutes, self.trainer_id, self.released = planned_on, minutes, trainer_id, False
        self._note("reschedule", reason, by=by, at=at)
        self.record(VisitRescheduled(**self._plan(), previous_on=previous_on, reason=reason))

    def move(self, provider_id: UUID) -> None:
        """Follow the enterprise to another provider: who was named by the last one is released."""
        self.follow(provider_id)
        self.released = True

    def cancel(self, reason: str, *, by: Principal, at: datetime) -> None:
        self.transition("cancel")
        self.released = True
        self._note("cancel", reason, by=by, at=at)
        self.record(VisitCancelled(**self._plan(), reason=reason))

    def hand_in(
        self,
        *,
        visited_on: date,
        minutes: int,
        findings: str,
        actions: str | None,
        today: date,
        by: Principal,
        at: datetime,
    ) -> None:
        """Report the visit, for the first time or again after it was returned."""
        self.transition("report")
        require_past(visited_on, today)
        self.report = Report(
            visited_on=visited_on,
            minutes=minutes,
            findings=findings,
            actions=actions,
            reported_by=by.id,
            reported_at=at,
        )
        self._note("report", by=by, at=at)

    def accept(self, *, by: Principal, at: datetime) -> None:
        """Count the visit from now on. Nobody accepts what is their own."""
        objection = self.objection_to(by)
        if objection:
            raise Forbidden(objection)
        self.transition("accept")
        self.credited_to = self.provider_id
        self._note("accept", by=by, at=at)
        self.record(VisitAccepted(**self._report_data()))

    def send_back(self, reason: str, comment: str | None, *, by: Principal, at: datetime) -> None:
        """Ask for a better report; its author may do so too, since nothing counts by it."""
        self.transition("return")
        self._note("return", reason, comment, by=by, at=at)
        self.record(VisitReturned(**self._report_data(), reason=reason))

    def void(self, reason: str, *, by: Principal, at: datetime) -> None:
        self.transition("void")
        self._note("void", reason, by=by, at=at)
        self.record(VisitVoided(**self._report_data(), reason=reason))

    def objection_to(self, reviewer: Principal) -> Message | None:
        """Return why this principal may not accept the report, or None (separation of duties)."""
        if reviewer.role == "trainer" or reviewer.trainer == self.trainer_id:
            return OWN_REPORT
        if any(happening.verb == "report" and happening.by == reviewer.id for happening in self.history):
            return ENTERED_REPORT
        return None

    def _note(
        self, verb: str, reason: str | None = None, comment: str | None = None, *, by: Principal, at: datetime
    ) -> None:
        happening = Happening(verb=verb, at=at, by=by.id, role=by.role, reason=reason, comment=comment)
        self.history.append(happening)

    def _plan(self) -> PlannedVisit:
        return {
            **self._subject(),
            "planned_on": self.planned_on,
            "minutes": self.minutes,
            "provider_id": self.provider_id,
        }

    def _report_data(self) -> ReportedVisit:
        """Return what events tell of a visit that took place; once accepted it stays with the provider who was credited."""
        return {
            **self._subject(),
            "visited_on": self.report.visited_on,
            "minutes": self.report.minutes,
            "provider_id": self.credited_to or self.provider_id,
        }

    def _subject(self) -> VisitSubject:
        return {
            "visit_id": self.id,
            "enterprise_id": self.enterprise_id,
            "module": self.module,
            "number": self.number,
            "trainer_id": self.trainer_id,
        }
