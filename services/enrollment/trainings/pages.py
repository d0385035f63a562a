"""Pages about trainings: the list, a plan, one training with its rosters and waiting list, another plan for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from flask.typing import ResponseReturnValue

from services.enrollment.catalogue.queries import module_called, module_names
from services.enrollment.dashboard.queries import is_due
from services.enrollment.enterprises.labels import DELIVERY_MODES
from services.enrollment.enterprises.model import GONE, Enterprise
from services.enrollment.enterprises.queries import called, enterprise_names, seen_among
from services.enrollment.evaluations.queries import published_evaluation
from services.enrollment.institutions.queries import active_providers, institution_names
from services.enrollment.journeys.queries import completed_among
from services.enrollment.roles import CLASSROOM_STAFF, EVALUATION_READERS, NEWEST_FIRST, READERS, STAFF
from services.enrollment.settings import enrollment_settings
from services.enrollment.trainers.queries import authorised_candidates, certified_trainers
from services.enrollment.trainings import commands
from services.enrollment.trainings.gates import SEATABLE
from services.enrollment.trainings.labels import STATES
from services.enrollment.trainings.model import Training
from services.enrollment.trainings.queries import visible_rosters, visible_waiting
from services.enrollment.trainings.schemas import (
    CancelTraining,
    RescheduleTraining,
    ResizeTraining,
    ScheduleTraining,
    SeatEnterprise,
    TrainingView,
    WithdrawRoster,
)
from shared.kernel import clock
from shared.kernel.context import current_principal
from shared.kernel.message import gettext_noop
from shared.reference.zones import WIB
from shared.web.fields import Body, Choice, Code, Identifier
from shared.web.pages.declare import Pages
from shared.web.pages.forms.submitted_form import require_unchanged
from shared.web.pages.listing import ByName, number_filter, paginate
from shared.web.pages.parties import party_name, party_names
from shared.web.pages.rendering import redirect_to, render

PAGES = Pages("enrollment")
ONE = "/trainings/<uuid:training_id>"


class WithdrawChosenRoster(WithdrawRoster):
    """On the page the enterprise is chosen in the form; the API has it in the address."""

    enterprise_id = Identifier(required=True)


@PAGES.get(
    "/trainings",
    permits=READERS,
    title=gettext_noop("Trainings"),
    nav=("trainings", 1),
    rows=TrainingView,
    names={"provider_id": institution_names, "lead_trainer_id": party_names, "supervisor_id": party_names},
)
def trainings() -> ResponseReturnValue:
    kinds = {
        "state": Choice(*STATES),
        "module": Code(),
        "delivery_mode": Choice(*DELIVERY_MODES),
        **number_filter(),
    }
    by_name = ByName(("module", "venue", "enterprise_ids", "lead_trainer_id"), _called)
    page = paginate(Training.objects, sort=NEWEST_FIRST, filters=kinds, by_name=by_name)
    return render(
        "trainings.html",
        found=page,
        providers=institution_names(row.provider_id for row in page.rows),
        modules=module_names(),
        is_due=is_due,
        schedules=current_principal().role in STAFF,
        numbers="external_id" in kinds,
    )


@PAGES.get("/trainings/new", permits=STAFF, title=gettext_noop("Plan a training"))
def new_training() -> ResponseReturnValue:
    provider_id = current_principal().institution
    return render(
        "schedule.html",
        chooses=provider_id is None,
        providers=active_providers(),
        modules=module_names(),
        zone=WIB,
        trainers=certified_trainers(clock.today(WIB), provider_id),
        candidates=authorised_candidates(clock.today(WIB), provider_id),
        usual_seats=enrollment_settings().classroom_capacity,
    )


@PAGES.post("/trainings/new", permits=STAFF, body=ScheduleTraining)
def schedule_training(body: Body) -> ResponseReturnValue:
    planned = commands.schedule_training(**body)
    flash = gettext_noop("The training is planned. Now give enterprises their seats.")
    return redirect_to("training", training_id=planned.id, flash=flash)


@PAGES.get(ONE, permits=READERS, title=gettext_noop("Training"), personal=True)
def training(training_id: UUID) -> ResponseReturnValue:
    shown = Training.get(training_id)
    viewer = current_principal()
    staff, planned = viewer.role in STAFF, shown.state == "scheduled"
    rosters, waiting = visible_rosters(shown, viewer), visible_waiting(shown, viewer)
    placed = [roster.enterprise_id for roster in (*rosters, *(place.roster for place in waiting))]
    trainers = party_names(shown.named_trainers)
    candidates = _without_seats(shown) if staff and planned else []
    return render(
        "training.html",
        heading=module_called(shown.module),
        training=shown,
        rosters=rosters,
        waiting=waiting,
        names=enterprise_names(placed),
        provider=institution_names([shown.provider_id])[shown.provider_id],
        lead=trainers[shown.lead_trainer_id],
        supervisor=trainers[shown.supervisor_id] if shown.supervisor_id else "",
        others=", ".join(trainers[trainer_id] for trainer_id in shown.co_trainer_ids),
        due=is_due(shown),
        candidates=candidates,
        completed=completed_among((enterprise_id for enterprise_id, _ in candidates), shown.module),
        may_plan=staff and planned,
        may_attend=planned and viewer.role in CLASSROOM_STAFF and any(roster.persons for roster in rosters),
        shows_lists=viewer.role in EVALUATION_READERS and any(roster.persons for roster in rosters),
        may_deliver=is_due(shown) and viewer.role in CLASSROOM_STAFF,
        may_print_slips=viewer.role in CLASSROOM_STAFF and shown.state == "delivered",
        may_reverse=staff and shown.state == "delivered",
        evaluation=published_evaluation(training_id) if _shows_evaluations(shown) else None,
        least=enrollment_settings().evaluation_least,
        today=clock.today(shown.zone),
    )


@PAGES.post(f"{ONE}/rosters", permits=STAFF, body=SeatEnterprise, shows="training")
def seat_enterprise(training_id: UUID, body: Body) -> ResponseReturnValue:
    position = commands.seat_enterprise(training_id, **body).placement_of(body["enterprise_id"]).position
    if not position:
        return redirect_to("training", training_id=training_id, flash=gettext_noop("The seats are taken."))
    flash = gettext_noop("The seats do not fit. The enterprise waits, at place %(position)s of the waiting list.")
    values: dict[str, object] = {"position": position}
    return redirect_to("training", training_id=training_id, flash=flash, values=values, kind="attention")


@PAGES.post(f"{ONE}/rosters/withdrawal", permits=STAFF, body=WithdrawChosenRoster, shows="training")
def withdraw_roster(training_id: UUID, body: Body) -> ResponseReturnValue:
    commands.withdraw_roster(training_id, **body)
    flash = gettext_noop("The seats are given back. Whoever waited and fits has them now.")
    return redirect_to("training", training_id=training_id, flash=flash)


@PAGES.get(f"{ONE}/plan", permits=STAFF, title=gettext_noop("Move the training"))
def training_plan(training_id: UUID) -> ResponseReturnValue:
    shown = Training.get(training_id)
    return render(
        "reschedule.html",
        training=shown,
        of=module_called(shown.module),
        trainers=_with_present_trainers(shown),
    )


@PAGES.post(f"{ONE}/plan", permits=STAFF, body=RescheduleTraining)
def reschedule_training(training_id: UUID, body: Body) -> ResponseReturnValue:
    require_unchanged(Training.get(training_id))
    commands.reschedule_training(training_id, **body)
    return redirect_to("training", training_id=training_id, flash=gettext_noop("The training has its new plan."))


@PAGES.post(f"{ONE}/capacity", permits=STAFF, body=ResizeTraining, shows="training")
def resize_training(training_id: UUID, body: Body) -> ResponseReturnValue:
    require_unchanged(Training.get(training_id))
    commands.resize_training(training_id, **body)
    flash = gettext_noop("The room has its new number of seats. Whoever waited and fits has theirs now.")
    return redirect_to("training", training_id=training_id, flash=flash)


@PAGES.post(f"{ONE}/cancellation", permits=STAFF, body=CancelTraining, shows="training")
def cancel_training(training_id: UUID, body: Body) -> ResponseReturnValue:
    commands.cancel_training(training_id, **body)
    return redirect_to("training", training_id=training_id, flash=gettext_noop("The training is cancelled."))


def _called(rows: Sequence[Training]) -> Iterator[str]:
    """Name what trainings are known by: module, venue, trainer, and those enterprises that the viewer may see."""
    seen = seen_among({enterprise_id for row in rows for enterprise_id in row.enterprise_ids or ()})
    enterprises, modules = enterprise_names(seen), module_names()
    trainers = party_names(row.lead_trainer_id for row in rows)
    for row in rows:
        known = (enterprises[enterprise_id] for enterprise_id in row.enterprise_ids or () if enterprise_id in seen)
        module = f"{row.module} {modules.get(row.module, '')}"
        yield " ".join((module, row.venue or "", trainers[row.lead_trainer_id], *known))


def _shows_evaluations(training: Training) -> bool:
    """Return whether to show evaluations: not to the enterprises that the people work for (domain.md 7.1)."""
    return training.state == "delivered" and current_principal().role in EVALUATION_READERS


def _without_seats(training: Training) -> list[tuple[UUID, str]]:
    """Return the enterprises of the training's provider that can have a place in it and have none, by name."""
    strict = enrollment_settings().commitment_gate == "on"
    free = [
        (row.id, called(row))
        for row in Enterprise.objects(provider_id=training.provider_id)
        if row.id not in training.enterprise_ids and row.state not in GONE and (row.state in SEATABLE or not strict)
    ]
    return sorted(free, key=lambda pair: pair[1].casefold())


def _with_present_trainers(training: Training) -> list[tuple[UUID, str]]:
    """Return who can be chosen, and who is planned already, whatever became of their certificates."""
    certified = certified_trainers(clock.today(WIB), training.provider_id)
    certified_ids = {trainer_id for trainer_id, _ in certified}
    return certified + [
        (trainer, party_name(trainer)) for trainer in training.trainer_ids if trainer not in certified_ids
    ]
