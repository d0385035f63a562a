"""A consultancy visit: required by a classroom, planned, reported by its trainer, accepted or returned by somebody else.

The id is the natural key, so whoever comes first, the classroom or who plans it, makes the visit. A visit that was called off
or declared void keeps its id; the next of its number is of a higher round.
Only an accepted visit counts; voiding takes it back with the same words that counted it. Findings, actions and comments
never leave this service.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import ClassVar, Final
from uuid import UUID

import mongoengine as me

from services.consulting.enterprises.model import AttendedClassroom
from services.consulting.readings.model import TakenAt
from services.consulting.reports.model import (
    Confirmation,
    Draft,
    GivenRemark,
    Happening,
    Report,
    checklist_faults,
    remarks_of,
)
from services.consulting.visits.errors import ENTERED_REPORT, MADE_VISIT, NOT_CONFIRMED, NotConfirmed, OwnReport
from services.consulting.visits.rules import PlannedVisit, ReportedVisit, VisitSubject
from shared.contracts.events.consulting import (
    VisitAccepted,
    VisitCancelled,
    VisitReported,
    VisitRescheduled,
    VisitReturned,
    VisitScheduled,
    VisitVoided,
)
from shared.domain.aggregate import Aggregate
from shared.domain.days import future_faults
from shared.domain.errors import NotAllowedNow
from shared.domain.external_ids import ExternallyNumbered, by_number
from shared.domain.lifecycle import Lifecycle, allow
from shared.domain.refusals import refuse
from shared.kernel import ids
from shared.kernel.message import Message
from shared.kernel.principal import Principal
from shared.storage.indexes import by_time, index
from shared.storage.row_scope import Scope, rows_for

MEASURED: Final = ("reported", "returned", "accepted")
"""The states in which a report says that the visit took place."""


class Visit(ExternallyNumbered, Aggregate):
    """`released` are visits that are called off, or whose enterprise moved to another provider since its trainer was named:
    the trainer no longer sees them, until one is given to them again. One that is to be planned has no day yet but one by
    which it is due, and names the lead trainer of its classroom."""

    meta: ClassVar[dict[str, object]] = {"collection": "visits"}
    INDEXES = (
        *by_time("provider_id", "trainer_id"),
        index("enterprise_id", "module"),
        index("state", "planned_on"),
        index("state", "due_on"),
        by_number(),
    )
    LIFECYCLE: ClassVar[Lifecycle] = Lifecycle(
        "to_plan",
        {
            "schedule": allow("to_plan", to="scheduled"),
            "reschedule": allow("scheduled", to="scheduled"),
            "cancel": allow("scheduled", to="cancelled"),
            "report": allow("scheduled", "returned", "reported", to="reported"),
            "confirm": allow("reported", to="reported"),
            "accept": allow("reported", to="accepted"),
            "return": allow("reported", to="returned"),
            "void": allow("accepted", to="voided"),
        },
    )

    enterprise_id = me.UUIDField(required=True, binary=True)
    module = me.StringField(required=True)
    number = me.IntField(required=True)
    round = me.IntField(required=True, default=0)
    due_on = me.DateField()
    planned_on = me.DateField()
    minutes = me.IntField(required=True)
    trainer_id = me.UUIDField(required=True, binary=True)
    provider_id = me.UUIDField(required=True, binary=True)
    credited_to = me.UUIDField(binary=True)
    released = me.BooleanField(required=True, default=False)
    report = me.EmbeddedDocumentField(Report)
    confirmation = me.EmbeddedDocumentField(Confirmation)
    draft = me.EmbeddedDocumentField(Draft)
    history = me.EmbeddedDocumentListField(Happening)
    state = me.StringField(required=True, default="to_plan")

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        scope = rows_for(principal, provider="provider_id", trainer="trainer_id", enterprise="enterprise_id")
        return {**scope, "released": {"$ne": True}} if scope and principal.role == "trainer" else scope

    @staticmethod
    def id_of(enterprise_id: UUID, module: str, number: int, ended: int) -> UUID:
        """Return the id of a visit; `ended` visits of this number were called off or declared void before."""
        return ids.derived("visit", enterprise_id, module, number, ended)

    def require(self, classroom: AttendedClassroom, provider_id: UUID, *, place: int, interval_days: int) -> bool:
        """Make it the visit that a classroom requires; true when that says something new."""
        due_on = classroom.delivered_on + timedelta(days=place * interval_days)
        released = classroom.provider_id != provider_id
        now = (due_on, classroom.lead_trainer_id, provider_id, released)
        if now == (self.due_on, self.trainer_id, self.provider_id, self.released):
            return False
        if self.provider_id != provider_id:
            self.follow(provider_id)
        self.due_on, self.trainer_id, self.released = due_on, classroom.lead_trainer_id, released
        return True

    def schedule(self, planned_on: date, minutes: int, trainer_id: UUID, *, by: Principal, at: datetime) -> None:
        """Fix the day of a visit that is to be planned, and who comes."""
        self.transition("schedule")
        self.planned_on, self.minutes, self.trainer_id, self.released = planned_on, minutes, trainer_id, False
        self.due_on = None
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

    def hand_in(self, report: Report, *, items: Sequence[str], today: date, by: Principal, at: datetime) -> None:
        """Report the visit: for the first time, corrected before its review, or again after it was returned. `items` are those
        of its checklist."""
        self.transition("report")
        early = future_faults("/visited_on", report.visited_on, today)
        refuse([*early, *checklist_faults(report.checklist, items)])
        news = self.report is None or self.report.when != report.when
        self.draft, self.report = None, report
        self._note("report", by=by, at=at)
        if news:
            self.confirmation = None
            self.record(VisitReported(**self._report_data()))

    def confirm(self, confirmation: Confirmation, *, by: Principal, at: datetime) -> bool:
        """Keep what the enterprise says of the report, in place of what it said before; false when it is the same."""
        self.LIFECYCLE.after(self.state, "confirm")
        objection = None if by.role == "enterprise" else self.objection_to(by)
        if objection:
            raise OwnReport(objection)
        before = self.confirmation
        if before is not None and (before.answer, before.comment) == (confirmation.answer, confirmation.comment):
            return False
        self.confirmation = confirmation
        verb = "confirm" if confirmation.answer == "confirmed" else "dispute"
        self._note(verb, comment=confirmation.comment, by=by, at=at)
        return True

    def keep_draft(self, draft: Draft, *, items: Sequence[str]) -> None:
        """Keep a report that is not finished, in place of the draft before."""
        self.LIFECYCLE.after(self.state, "report")
        refuse(checklist_faults(draft.checklist, items))
        self.draft = draft

    @property
    def is_measured(self) -> bool:
        """Say whether readings may be entered: a report says that it took place."""
        return self.state in MEASURED

    def taken_at(self) -> TakenAt:
        """Return what its readings say of where they were taken; refuses a visit of which no report says that it took place."""
        if not self.is_measured:
            raise NotAllowedNow(verb="enter_readings", state=self.state, allowed_from=MEASURED)
        return TakenAt(
            source_id=self.id,
            stage="visit",
            enterprise_id=self.enterprise_id,
            provider_id=self.provider_id,
            trainer_id=self.trainer_id,
            module=self.module,
            taken_on=self.report.visited_on,
        )

    def accept(self, *, confirmed: bool, by: Principal, at: datetime) -> bool:
        """Count the visit from now on; false when it counts already. Nobody accepts what is their own; `confirmed` says that
        the enterprise must have confirmed it."""
        objection = self.objection_to(by)
        if objection:
            raise OwnReport(objection)
        if self.state == "accepted":
            return False
        if confirmed and not self.is_confirmed:
            raise NotConfirmed(NOT_CONFIRMED)
        self.transition("accept")
        self.credited_to = self.provider_id
        self._note("accept", by=by, at=at)
        self.record(VisitAccepted(**self._report_data()))
        return True

    def send_back(
        self,
        reason: str,
        comment: str | None,
        remarks: Sequence[GivenRemark] = (),
        *,
        by: Principal,
        at: datetime,
    ) -> None:
        """Ask for a better report, with remarks on its items; its author may do so too, since nothing counts by it."""
        self.transition("return")
        found = remarks_of(remarks, self.report)
        self._note("return", reason, comment, by=by, at=at)
        self.history[-1].remarks = found
        self.record(VisitReturned(**self._report_data(), reason=reason))

    def void(self, reason: str, *, by: Principal, at: datetime) -> None:
        self.transition("void")
        self._note("void", reason, by=by, at=at)
        self.record(VisitVoided(**self._report_data(), reason=reason))

    @property
    def is_confirmed(self) -> bool:
        return self.confirmation is not None and self.confirmation.answer == "confirmed"

    def objection_to(self, reviewer: Principal) -> Message | None:
        """Return why this principal may not accept the report, or None (separation of duties)."""
        if reviewer.role == "trainer" or reviewer.trainer == self.trainer_id:
            return MADE_VISIT
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
