"""What a trainer writes of a visit: the draft, the report that is handed in, and what a reviewer remarks on its items."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NotRequired, TypedDict

import mongoengine as me

from services.consulting.reports.errors import REPEATED_ITEM, UNKNOWN_ITEM, WHAT_IS_WRONG
from shared.domain.refusals import refuse
from shared.kernel.errors import Fault
from shared.kernel.principal import Principal

CONFIRMATIONS = ("confirmed", "disputed")
CHANNELS = ("own", "phone")
ANSWERS = ("yes", "partly", "no", "not_applicable")
ITEMS = ("visited_on", "minutes", "findings", "actions")
"""The parts of a report that a reviewer may remark on, beside those of the checklist."""


class GivenAnswer(TypedDict):
    """What a request says to an item of the checklist."""

    item: str
    answer: NotRequired[str]
    note: NotRequired[str | None]


class GivenRemark(TypedDict):
    item: str
    comment: str


class Answered(me.EmbeddedDocument):  # type: ignore[misc]
    """What the trainer found about an item of the checklist; a draft may leave it open."""

    item = me.StringField(required=True)
    answer = me.StringField()
    note = me.StringField()


class Report(me.EmbeddedDocument):  # type: ignore[misc]
    """The trainer's report of a visit that took place."""

    visited_on = me.DateField(required=True)
    minutes = me.IntField(required=True)
    findings = me.StringField(required=True)
    actions = me.StringField()
    checklist = me.EmbeddedDocumentListField(Answered)
    reported_by = me.UUIDField(required=True, binary=True)
    reported_at = me.DateTimeField(required=True)

    @property
    def when(self) -> tuple[date, int]:
        """Return the day and how many minutes: what the enterprise is asked to confirm."""
        return self.visited_on, self.minutes


class Draft(me.EmbeddedDocument):  # type: ignore[misc]
    """A report that is not handed in yet. Nothing of it is needed."""

    visited_on = me.DateField()
    minutes = me.IntField()
    findings = me.StringField()
    actions = me.StringField()
    checklist = me.EmbeddedDocumentListField(Answered)
    saved_at = me.DateTimeField(required=True)


class Confirmation(me.EmbeddedDocument):  # type: ignore[misc]
    """What the enterprise says to a report of its visit: that it took place as reported, or what is not right. It answered
    itself, or by phone to those who review the report."""

    answer = me.StringField(required=True)
    channel = me.StringField(required=True)
    comment = me.StringField()
    answered_by = me.UUIDField(required=True, binary=True)
    answered_at = me.DateTimeField(required=True)


class Remark(me.EmbeddedDocument):  # type: ignore[misc]
    """What a reviewer wants changed about one item of a report."""

    item = me.StringField(required=True)
    comment = me.StringField(required=True)


class Happening(me.EmbeddedDocument):  # type: ignore[misc]
    """One step of a visit, and by whom: the pseudonym of a principal and the role it acted in."""

    verb = me.StringField(required=True)
    at = me.DateTimeField(required=True)
    by = me.UUIDField(required=True, binary=True)
    role = me.StringField(required=True)
    reason = me.StringField()
    comment = me.StringField()
    remarks = me.EmbeddedDocumentListField(Remark)


def confirmation_of(answer: str, comment: str | None, *, by: Principal, at: datetime) -> Confirmation:
    """Return what an enterprise answered; refuses that something is not right without a word of what."""
    refuse([WHAT_IS_WRONG.at("/comment")] if answer == "disputed" and not comment else [])
    channel = "own" if by.role == "enterprise" else "phone"
    return Confirmation(answer=answer, channel=channel, comment=comment, answered_by=by.id, answered_at=at)


def answers_of(given: Iterable[GivenAnswer]) -> list[Answered]:
    return [Answered(**answer) for answer in given]


def checklist_faults(checklist: Iterable[Answered], known: Sequence[str]) -> list[Fault]:
    """Return which answers are to items that no checklist of the module has, or has been answered before."""
    return _item_faults("checklist", [answer.item for answer in checklist], known)


def remarks_of(given: Sequence[GivenRemark], report: Report) -> list[Remark]:
    """Return a reviewer's remarks; refuses those on what the report does not have."""
    known = (*ITEMS, *(answer.item for answer in report.checklist))
    refuse(_item_faults("remarks", [remark["item"] for remark in given], known))
    return [Remark(**remark) for remark in given]


def _item_faults(where: str, items: Sequence[str], known: Sequence[str]) -> list[Fault]:
    """Return which items are unknown or named twice, each by its place in the request."""
    faults = []
    for number, item in enumerate(items):
        if item not in known:
            faults.append(UNKNOWN_ITEM.at(f"/{where}/{number}/item"))
        elif item in items[:number]:
            faults.append(REPEATED_ITEM.at(f"/{where}/{number}/item"))
    return faults
