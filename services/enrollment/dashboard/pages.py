"""Finds what waits in enrollment for whoever looks, for the first page after the sign-in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from services.enrollment.catalogue.queries import module_called, module_names
from services.enrollment.dashboard.queries import conflicting_trainings, due_trainings, first_step, trainings_ahead
from services.enrollment.enterprises.model import Enterprise
from services.enrollment.enterprises.queries import called, enterprise_names
from services.enrollment.journeys.model import Journey
from services.enrollment.people.privacy_request import PrivacyRequest
from services.enrollment.roles import CLASSROOM_STAFF, READERS, STAFF
from services.enrollment.trainings.model import Training
from shared.i18n.language import gettext, ngettext
from shared.kernel.message import gettext_noop
from shared.reference.zones import WIB
from shared.web.pages.declare import Pages, Thing, Work
from shared.web.pages.rendering import link

PAGES = Pages("enrollment")
NAMED: Final = 4  # of each kind; the lists hold the rest

FIRST_STEPS: Final = {
    "institution": (
        gettext_noop("Begin with an institution"),
        gettext_noop(
            "Everything in the programme belongs to a partner institution. Register the first training provider."
        ),
        "new_institution",
    ),
    "enterprise": (
        gettext_noop("Begin with an enterprise"),
        gettext_noop("Trainings need enterprises that take part. Register the first one."),
        "new_enterprise",
    ),
    "trainer": (
        gettext_noop("No certified trainer is known yet"),
        gettext_noop(
            "A training needs a lead trainer with a certificate for its module. Certificates are granted on the trainers' pages."
        ),
        "trainings",
    ),
    "training": (
        gettext_noop("Plan the first training"),
        gettext_noop("Enterprises and trainers are there. Fix the days, then give the enterprises their seats."),
        "new_training",
    ),
}


@PAGES.waits(permits=STAFF)
def beginning() -> Work | None:
    step = first_step()
    if step is None:
        return None
    title, text, page = FIRST_STEPS[step]
    return Work(gettext(title), link(page), text=gettext(text))


@PAGES.waits(permits=STAFF)
def trainers_not_entitled() -> Work | None:
    trainings = conflicting_trainings()
    title = ngettext(
        "%(num)s training without an entitled trainer", "%(num)s trainings without an entitled trainer", len(trainings)
    )
    text = gettext(
        "The lead trainer holds no valid certificate on every day. Move the training or choose another lead trainer."
    )
    return _classrooms(trainings, title, text)


@PAGES.waits(permits=CLASSROOM_STAFF)
def attendance_to_enter() -> Work | None:
    trainings = due_trainings()
    title = ngettext(
        "Enter the attendance of %(num)s training", "Enter the attendance of %(num)s trainings", len(trainings)
    )
    return _classrooms(
        trainings, title, gettext("They have had their last day and count once the attendance is entered.")
    )


@PAGES.waits(permits=READERS)
def trainings_to_come() -> Work | None:
    trainings = trainings_ahead()
    return _classrooms(
        trainings, ngettext("%(num)s training to come", "%(num)s trainings to come", len(trainings)), None
    )


@PAGES.waits(permits=STAFF)
def enterprises_to_screen() -> Work | None:
    return _enterprises(
        "registered",
        lambda number: ngettext("%(num)s enterprise to be screened", "%(num)s enterprises to be screened", number),
    )


@PAGES.waits(permits=STAFF)
def commitments_to_sign() -> Work | None:
    return _enterprises(
        "eligible",
        lambda number: ngettext(
            "%(num)s enterprise to sign its commitment", "%(num)s enterprises to sign their commitment", number
        ),
    )


@PAGES.waits(permits=STAFF)
def enterprises_to_enrol() -> Work | None:
    return _enterprises(
        "committed", lambda number: ngettext("%(num)s enterprise to enrol", "%(num)s enterprises to enrol", number)
    )


@PAGES.waits(permits=STAFF)
def privacy_requests_to_answer() -> Work | None:
    due = sorted(request.due_at for request in PrivacyRequest.objects(state="open").only("due_at"))
    if not due:
        return None
    title = ngettext(
        "Answer %(num)s request about personal data", "Answer %(num)s requests about personal data", len(due)
    )
    return Work(title, link("privacy_requests", state="open"), len(due), due[0].astimezone(ZoneInfo(WIB)).date())


@PAGES.waits(permits=READERS)
def journeys_under_way() -> Work | None:
    journeys = Journey.objects(completed_on=None, lapsed_on=None)
    number = journeys.count()
    if not number:
        return None
    shown = list(journeys.order_by("-created_at").limit(NAMED))
    names, modules = enterprise_names(journey.enterprise_id for journey in shown), module_names()
    things = tuple(
        Thing(
            f"{names[journey.enterprise_id]}: {journey.module} {modules.get(journey.module, '')}".strip(),
            link("journey", journey_id=journey.id),
        )
        for journey in shown
    )
    title = ngettext("%(num)s module under way in an enterprise", "%(num)s modules under way in enterprises", number)
    return Work(title, link("journeys", state="open"), number, things=things)


def _classrooms(trainings: Sequence[Training], title: str, text: str | None) -> Work | None:
    """Return work about trainings, which come soonest first."""
    if not trainings:
        return None
    things = tuple(
        Thing(module_called(training.module), link("training", training_id=training.id), min(training.days))
        for training in trainings[:NAMED]
    )
    return Work(title, link("trainings", state="scheduled"), len(trainings), things[0].due_on, text, things)


def _enterprises(state: str, called_by: Callable[[int], str]) -> Work | None:
    rows = Enterprise.objects(state=state)
    number = rows.count()
    if not number:
        return None
    first = list(rows.order_by("created_at").limit(NAMED))
    things = tuple(Thing(called(row), link("enterprise", enterprise_id=row.id)) for row in first)
    return Work(called_by(number), link("enterprises", state=state), number, things=things)
