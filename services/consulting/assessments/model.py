"""An assessment of an enterprise: who makes it, the points for its practices, and that it took place.

The id is the natural key, so that an enterprise has one baseline. What was read is kept beside it (`readings`); events tell that
the assessment took place and nothing of what was found.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import ClassVar, Final, NotRequired, TypedDict
from uuid import UUID

import mongoengine as me

from services.consulting.assessments.errors import (
    NOTHING_ASSESSED,
    REPEATED_PRACTICE,
    UNKNOWN_PRACTICE,
)
from services.consulting.assessments.practices import HIGHEST, practices
from services.consulting.enterprises.model import FollowsEnterprise
from services.consulting.readings.model import TakenAt
from services.consulting.readings.rules import GivenReading
from shared.contracts.event import Event
from shared.contracts.events.consulting import BaselineAssessed, EndlineAssessed, FollowUpAssessed
from shared.contracts.values import ReadingStage
from shared.domain.aggregate import Aggregate
from shared.domain.lifecycle import Lifecycle, allow
from shared.kernel import ids
from shared.kernel.errors import Fault
from shared.kernel.principal import Principal
from shared.storage.indexes import by_time, index

MONTHS: Final = {"followup_6": 6, "followup_12": 12}
KINDS: Final = ("baseline", "endline", *MONTHS)


class GivenPractice(TypedDict):
    """What a request says of a practice; a draft may leave the points open."""

    item: str
    points: NotRequired[int]
    note: NotRequired[str | None]


class Pointed(me.EmbeddedDocument):  # type: ignore[misc]
    """The points of a practice."""

    item = me.StringField(required=True)
    points = me.IntField()
    note = me.StringField()


class DraftReading(me.EmbeddedDocument):  # type: ignore[misc]
    """A reading as it was typed into a form that is not finished."""

    indicator = me.StringField(required=True)
    sex = me.StringField()
    quality = me.StringField()
    numerator = me.FloatField()
    denominator = me.FloatField()
    period = me.StringField()
    source = me.StringField()


class AssessmentDraft(me.EmbeddedDocument):  # type: ignore[misc]
    """An assessment that is not handed in yet. Nothing of it is needed."""

    assessed_on = me.DateField()
    practices = me.EmbeddedDocumentListField(Pointed)
    readings = me.EmbeddedDocumentListField(DraftReading)
    suggested_modules = me.ListField(me.StringField())
    notes = me.StringField()
    saved_at = me.DateTimeField(required=True)


class Handed(me.EmbeddedDocument):  # type: ignore[misc]
    """One time that an assessment was handed in, first or corrected."""

    at = me.DateTimeField(required=True)
    by = me.UUIDField(required=True, binary=True)
    role = me.StringField(required=True)


class Assessment(FollowsEnterprise, Aggregate):
    meta: ClassVar[dict[str, object]] = {"collection": "assessments"}
    INDEXES = (*by_time("provider_id", "trainer_id", "enterprise_id"), index("state", "kind"))
    LIFECYCLE: ClassVar[Lifecycle] = Lifecycle(
        "open",
        {
            "assign": allow("open", to="open"),
            "complete": allow("open", "completed", to="completed"),
        },
    )

    kind = me.StringField(required=True)
    module = me.StringField()
    assessed_on = me.DateField()
    practices = me.EmbeddedDocumentListField(Pointed)
    suggested_modules = me.ListField(me.StringField())
    notes = me.StringField()
    draft = me.EmbeddedDocumentField(AssessmentDraft)
    history = me.EmbeddedDocumentListField(Handed)
    state = me.StringField(required=True, default="open")

    @staticmethod
    def id_of(enterprise_id: UUID, kind: str, module: str | None) -> UUID:
        return ids.derived("assessment", enterprise_id, kind, module or "")

    @property
    def stage(self) -> ReadingStage:
        return "baseline" if self.kind == "baseline" else "endline" if self.kind == "endline" else "followup"

    def assign(self, trainer_id: UUID) -> None:
        """Give an assessment that is to come to another trainer."""
        self.transition("assign")
        self.give_to(trainer_id)

    def keep_draft(self, draft: AssessmentDraft) -> None:
        """Keep a form that is not finished, in place of the draft before."""
        self.LIFECYCLE.after(self.state, "complete")
        self.draft = draft

    def complete(
        self,
        assessed_on: date,
        points: Sequence[Pointed],
        *,
        suggested_modules: Sequence[str],
        notes: str | None,
        by: Principal,
        at: datetime,
    ) -> None:
        """Hand the assessment in, for the first time or corrected; points of practices that are not named stay."""
        self.transition("complete")
        before = (self.assessed_on, list(self.suggested_modules), self.trainer_id, self.provider_id)
        named = {each.item: each for each in [*self.practices, *points] if each.points is not None}
        self.practices = [named[item] for item in practices() if item in named]
        self.assessed_on, self.suggested_modules, self.notes = assessed_on, list(suggested_modules), notes
        self.draft = None
        first = not self.history
        self.history.append(Handed(at=at, by=by.id, role=by.role))
        if first or before != (self.assessed_on, list(self.suggested_modules), self.trainer_id, self.provider_id):
            self.record(self._assessed())

    def points(self) -> tuple[int, int] | None:
        """Return the points reached and those that can be reached, of the practices that were looked at."""
        given = [practice.points for practice in self.practices]
        return (sum(given), HIGHEST * len(given)) if given else None

    def taken_at(self) -> TakenAt:
        return TakenAt(
            source_id=self.id,
            stage=self.stage,
            enterprise_id=self.enterprise_id,
            provider_id=self.provider_id,
            trainer_id=self.trainer_id,
            module=self.module,
            taken_on=self.assessed_on,
        )

    def _assessed(self) -> Event:
        if self.kind == "baseline":
            return BaselineAssessed(
                assessment_id=self.id,
                enterprise_id=self.enterprise_id,
                provider_id=self.provider_id,
                trainer_id=self.trainer_id,
                assessed_on=self.assessed_on,
                suggested_modules=tuple(self.suggested_modules),
            )
        if self.kind == "endline":
            return EndlineAssessed(
                assessment_id=self.id,
                enterprise_id=self.enterprise_id,
                module=self.module,
                provider_id=self.provider_id,
                trainer_id=self.trainer_id,
                assessed_on=self.assessed_on,
            )
        return FollowUpAssessed(
            assessment_id=self.id,
            enterprise_id=self.enterprise_id,
            months=MONTHS[self.kind],
            provider_id=self.provider_id,
            trainer_id=self.trainer_id,
            assessed_on=self.assessed_on,
        )


def pointed(given: Iterable[GivenPractice]) -> list[Pointed]:
    return [Pointed(**practice) for practice in given]


def drafted(given: Iterable[GivenReading]) -> list[DraftReading]:
    return [DraftReading(**reading) for reading in given]


def practice_faults(given: Sequence[GivenPractice]) -> list[Fault]:
    """Return which practices the checklist does not have, or stand in a request twice."""
    items = [practice["item"] for practice in given]
    faults = []
    for number, item in enumerate(items):
        if item not in practices():
            faults.append(UNKNOWN_PRACTICE.at(f"/practices/{number}/item"))
        elif item in items[:number]:
            faults.append(REPEATED_PRACTICE.at(f"/practices/{number}/item"))
    return faults


def module_faults(suggested: Sequence[str], known: Collection[str], fault: Fault) -> list[Fault]:
    """Return which of the suggested modules are in no catalogue."""
    return [fault.at(f"/suggested_modules/{number}") for number, code in enumerate(suggested) if code not in known]


def nothing_faults(given: Sequence[GivenPractice], readings: Sequence[GivenReading], held: bool) -> list[Fault]:
    """Refuse an assessment in which nothing was assessed."""
    said = any(practice.get("points") for practice in given) or any(reading.get("quality") for reading in readings)
    return [] if said or held else [NOTHING_ASSESSED.at("/practices")]
