"""Pages about who was in a training: people by name, attendance by day, delivery and its reversal."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask.typing import ResponseReturnValue
from marshmallow import fields

from services.enrollment.catalogue.queries import module_called
from services.enrollment.dashboard.queries import is_due
from services.enrollment.enterprises.queries import enterprise_names
from services.enrollment.people.queries import participant_names, people_consenting
from services.enrollment.roles import CLASSROOM_STAFF, EVALUATION_READERS, STAFF
from services.enrollment.rosters.attendance import counted_throughout, days_without_list, present_throughout
from services.enrollment.rosters.model import Seats
from services.enrollment.rosters.named_seats import PURPOSE
from services.enrollment.trainings import commands as trainings_commands
from services.enrollment.trainings.labels import FIELDS
from services.enrollment.trainings.model import Training
from services.enrollment.trainings.queries import visible_rosters
from services.enrollment.trainings.schemas import DeliverTraining, ReverseDelivery, SeatsSchema
from shared.domain.errors import NotFound
from shared.kernel import clock
from shared.kernel.context import current_principal
from shared.kernel.message import gettext_noop
from shared.web.fields import Body, Identifier
from shared.web.pages.declare import Pages
from shared.web.pages.forms.submitted_form import require_unchanged
from shared.web.pages.rendering import redirect_to, render
from shared.web.schema import Length, Schema

PAGES = Pages("enrollment")
ONE = "/trainings/<uuid:training_id>"


class NamedPeople(Schema):
    """The API takes numbers of seats here as well; this form only names people."""

    LABELS = FIELDS

    participant_ids = fields.List(Identifier(), required=True, validate=Length(min=1, max=100))


class FewerSeats(Schema):
    """This form only counts seats; the form beside it names people."""

    seats = fields.Nested(SeatsSchema, required=True)


class DayList(Schema):
    """Unticked boxes are not sent, so that nobody came is an empty list; the day stands in the address."""

    LABELS = FIELDS

    participant_ids = fields.List(Identifier(), load_default=list, validate=Length(max=500))


@PAGES.get(
    f"{ONE}/rosters/<uuid:enterprise_id>/names", permits=STAFF, title=gettext_noop("Name the people"), personal=True
)
def roster_names(training_id: UUID, enterprise_id: UUID) -> ResponseReturnValue:
    shown = Training.get(training_id)
    people, without_consent = people_consenting(enterprise_id, PURPOSE)
    return render(
        "roster_names.html",
        training=shown,
        of=module_called(shown.module),
        roster=shown.roster_of(enterprise_id),
        enterprise=enterprise_names([enterprise_id])[enterprise_id],
        people=people,
        without_consent=without_consent,
    )


@PAGES.post(f"{ONE}/rosters/<uuid:enterprise_id>/names", permits=STAFF, body=NamedPeople, personal=True)
def name_people(training_id: UUID, enterprise_id: UUID, body: Body) -> ResponseReturnValue:
    require_unchanged(Training.get(training_id))
    trainings_commands.release_seats(training_id, enterprise_id, **body)
    return redirect_to("training", training_id=training_id, flash=gettext_noop("The people are named."))


@PAGES.post(f"{ONE}/rosters/<uuid:enterprise_id>/seats", permits=STAFF, body=FewerSeats, shows="roster_names")
def release_seats(training_id: UUID, enterprise_id: UUID, body: Body) -> ResponseReturnValue:
    require_unchanged(Training.get(training_id))
    trainings_commands.release_seats(training_id, enterprise_id, **body)
    return redirect_to("training", training_id=training_id, flash=gettext_noop("The enterprise has fewer seats."))


@PAGES.get(f"{ONE}/attendance", permits=EVALUATION_READERS, title=gettext_noop("Attendance list"), personal=True)
def attendance_list(training_id: UUID) -> ResponseReturnValue:
    shown, viewer = Training.get(training_id), current_principal()
    rosters = [roster for roster in visible_rosters(shown, viewer) if roster.persons]
    return render(
        "attendance_list.html",
        training=shown,
        of=module_called(shown.module),
        rosters=rosters,
        names=enterprise_names(roster.enterprise_id for roster in rosters),
        people=participant_names(person for roster in rosters for person in roster.participant_ids),
        lists={presence.day: set(presence.participant_ids) for presence in shown.presence},
        may_enter=shown.state == "scheduled" and viewer.role in CLASSROOM_STAFF,
        today=clock.today(shown.zone),
    )


@PAGES.get(f"{ONE}/attendance/<day>", permits=CLASSROOM_STAFF, title=gettext_noop("Attendance of a day"), personal=True)
def attendance(training_id: UUID, day: str) -> ResponseReturnValue:
    shown, chosen = Training.get(training_id), _day(training_id, day)
    seated = [(roster.enterprise_id, roster.participant_ids) for roster in shown.rosters if roster.persons]
    entered = next((presence for presence in shown.presence if presence.day == chosen), None)
    return render(
        "attendance.html",
        training=shown,
        of=module_called(shown.module),
        day=chosen,
        begun=chosen <= clock.today(shown.zone),
        seated=seated,
        names=enterprise_names(enterprise_id for enterprise_id, _ in seated),
        people=participant_names(person for _, ids in seated for person in ids),
        present=None if entered is None else entered.participant_ids,
    )


@PAGES.post(f"{ONE}/attendance/<day>", permits=CLASSROOM_STAFF, body=DayList, personal=True)
def record_attendance(training_id: UUID, day: str, body: Body) -> ResponseReturnValue:
    require_unchanged(Training.get(training_id))
    entered = trainings_commands.record_attendance(training_id, day=_day(training_id, day), **body)
    flash = gettext_noop("The attendance of the day is entered.")
    missing = [one for one in _without_list(entered) if one <= clock.today(entered.zone)]
    if missing:
        return redirect_to("attendance", training_id=training_id, day=missing[0].isoformat(), flash=flash)
    return redirect_to("delivery" if is_due(entered) else "training", training_id=training_id, flash=flash)


@PAGES.get(f"{ONE}/delivery", permits=CLASSROOM_STAFF, title=gettext_noop("Enter the attendance"), personal=True)
def delivery(training_id: UUID) -> ResponseReturnValue:
    shown = Training.get(training_id)
    names = enterprise_names(roster.enterprise_id for roster in shown.rosters)
    return render(
        "delivery.html",
        training=shown,
        names=names,
        of=module_called(shown.module),
        due=is_due(shown),
        listed=_counted_by_lists(shown),
        missing=_without_list(shown),
        by_name=any(roster.persons for roster in shown.rosters),
    )


@PAGES.post(f"{ONE}/delivery", permits=CLASSROOM_STAFF, body=DeliverTraining)
def deliver_training(training_id: UUID, body: Body) -> ResponseReturnValue:
    require_unchanged(Training.get(training_id))
    trainings_commands.deliver_training(training_id, **body)
    return redirect_to("training", training_id=training_id, flash=gettext_noop("The training is delivered."))


@PAGES.post(f"{ONE}/delivery/reversal", permits=STAFF, body=ReverseDelivery, shows="training")
def reverse_delivery(training_id: UUID, body: Body) -> ResponseReturnValue:
    require_unchanged(Training.get(training_id))
    trainings_commands.reverse_delivery(training_id, **body)
    return redirect_to("training", training_id=training_id, flash=gettext_noop("The delivery is taken back."))


def _counted_by_lists(training: Training) -> dict[UUID, Seats]:
    """Return who was there on every day that has its list, of the enterprises whose people are named."""
    counted = {}
    days = [presence.day for presence in training.presence]
    for roster in training.rosters:
        present = present_throughout(roster, training.presence, days) if days else None
        if present is not None:
            counted[roster.enterprise_id] = counted_throughout(roster, present)
    return counted


def _without_list(training: Training) -> list[date]:
    return days_without_list(training.rosters, training.presence, training.days)


def _day(training_id: UUID, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotFound("Training", training_id) from None
