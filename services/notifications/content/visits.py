"""What is told of visits: their days to the enterprise and the trainer, and what became of the report to the trainer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from services.notifications.content.kind import Content, Heard, Kind
from services.notifications.content.told import Told
from shared.contracts.events.consulting import (
    VisitAccepted,
    VisitCancelled,
    VisitReported,
    VisitRescheduled,
    VisitReturned,
    VisitScheduled,
    VisitVoided,
)
from shared.i18n.language import gettext as _
from shared.kernel.message import gettext_noop

RETURNED_BECAUSE: Final[Mapping[str, str]] = {
    "incomplete": gettext_noop("Something is missing"),
    "unclear": gettext_noop("Findings or actions are not clear"),
    "wrong_date": gettext_noop("The day or the length is wrong"),
}
VISIT: Final[Mapping[str, Any]] = {
    "visit_id": "0196f0a2-0000-7000-8000-0000000000c1",
    "enterprise_id": "0196f0a2-0000-7000-8000-0000000000e1",
    "trainer_id": "0196f0a2-0000-7000-8000-0000000000f1",
    "provider_id": "0196f0a2-0000-7000-8000-0000000000b1",
    "module": "M1",
    "number": 2,
    "planned_on": "2027-03-23",
    "minutes": 180,
}
REPORT: Final = {**VISIT, "visited_on": "2027-03-23", "to": "trainer"}
FIELDS: Final = ("visit_id", "enterprise_id", "trainer_id", "provider_id", "module", "number", "minutes")
TO_BOTH: Final[Mapping[Any, str]] = {"enterprise": "enterprise_id", "trainer": "trainer_id"}
UNSENT: Final = ("visit_scheduled", "visit_moved")


def scheduled(told: Told) -> Content:
    return Content(
        _("A visit in your enterprise on %(day)s", day=told.day("planned_on"))
        if told.to == "enterprise"
        else _("You are to visit an enterprise on %(day)s", day=told.day("planned_on")),
        (
            _(
                "A trainer of the programme comes to your enterprise, to put into practice with you what "
                "the module taught."
            )
            if told.to == "enterprise"
            else _("You are named as the trainer of this visit."),
        ),
        planned(told),
        button=_see(told),
        notes=(if_it_does_not_suit(),),
    )


def moved(told: Told) -> Content:
    return Content(
        _("The visit of %(before)s is now on %(day)s", before=told.day("previous_on"), day=told.day("planned_on"))
        if told.about.get("previous_on") != told.about.get("planned_on")
        else _("The visit on %(day)s has changed", day=told.day("planned_on")),
        (_("This visit has changed. What stands here holds now."),),
        planned(told),
        button=_see(told),
        notes=(if_it_does_not_suit(),),
    )


def cancelled(told: Told) -> Content:
    return Content(
        _("The visit on %(day)s does not take place", day=told.day("planned_on")),
        (_("This visit is called off. The training provider will tell you when there is another one."),),
        planned(told),
    )


def to_confirm(told: Told) -> Content:
    return Content(
        _("Did the visit on %(day)s take place?", day=told.day("visited_on")),
        (
            _(
                "The trainer has reported this visit. Please say whether it took place as it stands here. It takes "
                "half a minute, and nobody has to sign in."
            ),
        ),
        (
            (_("Day"), told.day("visited_on")),
            (_("Length"), _("%(minutes)s minutes", minutes=told.number("minutes"))),
            (_("Module"), told.module()),
            (_("Visit"), told.word("number")),
            (_("Trainer"), told.name("trainer_id")),
            (_("Training provider"), told.name_and_phone("provider_id")),
        ),
        button=(_("Answer the question"), told.link("visit", told.word("visit_id"))),
    )


def returned(told: Told) -> Content:
    reason = RETURNED_BECAUSE.get(told.word("reason"))
    return Content(
        _("Please go over your report of %(day)s once more", day=told.day("visited_on")),
        (_("Your report of this visit was read and sent back to you. The visit counts once the report is accepted."),),
        (*reported(told), (_("Reason"), _(reason) if reason else "")),
        button=_see(told),
    )


def accepted(told: Told) -> Content:
    return Content(
        _("Your report of %(day)s is accepted", day=told.day("visited_on")),
        (_("Your report of this visit was read and accepted: the visit counts. Thank you."),),
        reported(told),
        button=_see(told),
    )


def voided(told: Told) -> Content:
    return Content(
        _("The visit of %(day)s no longer counts", day=told.day("visited_on")),
        (
            _(
                "This visit was declared void: it counts nowhere any more. If you do not know why, ask your "
                "training provider."
            ),
        ),
        reported(told),
        button=_see(told),
    )


def planned(told: Told) -> tuple[tuple[str, str], ...]:
    return (
        (_("Day"), told.day("planned_on")),
        (_("Length"), _("%(minutes)s minutes", minutes=told.number("minutes"))),
        (_("Module"), told.module()),
        (_("Visit"), told.word("number")),
        (_("Enterprise"), told.name("enterprise_id") if told.to == "trainer" else ""),
        (_("Trainer"), told.name("trainer_id") if told.to == "enterprise" else ""),
        (_("Training provider"), told.name_and_phone("provider_id")),
    )


def reported(told: Told) -> tuple[tuple[str, str], ...]:
    return (
        (_("Enterprise"), told.name("enterprise_id")),
        (_("Module"), told.module()),
        (_("Visit"), told.word("number")),
        (_("Day"), told.day("visited_on")),
    )


def if_it_does_not_suit() -> str:
    return _("If the day does not suit you, please tell the training provider soon, or reply to this letter.")


def _see(told: Told) -> tuple[str, str] | None:
    if told.to != "trainer":
        return None
    return (_("See the visit"), told.page("consulting", f"/visits/{told.word('visit_id')}"))


KINDS: Final[Mapping[str, Kind]] = {
    "visit_scheduled": Kind(
        gettext_noop("Visit planned"), scheduled, VISIT,
        (Heard(VisitScheduled, TO_BOTH, (*FIELDS, "planned_on"), ("planned_on",)),), optional=True,
        topic="trainings", calendar="REQUEST",
    ),
    "visit_moved": Kind(
        gettext_noop("Visit moved"), moved, {**VISIT, "previous_on": "2027-03-16"},
        (
            Heard(
                VisitRescheduled, TO_BOTH, (*FIELDS, "planned_on", "previous_on"), ("planned_on", "previous_on"),
                thing="visit_id", instead_of=UNSENT,
            ),
        ), optional=True, topic="trainings", calendar="REQUEST",
    ),
    "visit_cancelled": Kind(
        gettext_noop("Visit called off"), cancelled, VISIT,
        (
            Heard(
                VisitCancelled, TO_BOTH, (*FIELDS, "planned_on"), ("planned_on",), thing="visit_id", overtakes=UNSENT,
            ),
        ), optional=True, must_arrive=True, calendar="CANCEL",
    ),
    "visit_to_confirm": Kind(
        gettext_noop("Visit to be confirmed"), to_confirm, {**REPORT, "to": "enterprise"},
        (
            Heard(
                VisitReported, {"enterprise": "enterprise_id"}, (*FIELDS, "visited_on"), thing="visit_id",
                instead_of=("visit_to_confirm",),
            ),
        ), optional=True, topic="evaluations",
    ),
    "report_returned": Kind(
        gettext_noop("Report returned"), returned, {**REPORT, "reason": "incomplete"},
        (Heard(VisitReturned, {"trainer": "trainer_id"}, (*FIELDS, "visited_on", "reason")),), optional=True, topic="trainings",
    ),
    "report_accepted": Kind(
        gettext_noop("Report accepted"), accepted, REPORT,
        (
            Heard(
                VisitAccepted, {"trainer": "trainer_id"}, (*FIELDS, "visited_on"), thing="visit_id",
                overtakes=("visit_to_confirm", "report_returned"),
            ),
        ), optional=True, topic="trainings",
    ),
    "visit_voided": Kind(
        gettext_noop("Visit declared void"), voided, REPORT,
        (
            Heard(
                VisitVoided, {"trainer": "trainer_id"}, (*FIELDS, "visited_on"), thing="visit_id",
                overtakes=("report_returned", "report_accepted"),
            ),
        ), optional=True, topic="trainings",
    ),
}  # fmt: skip
