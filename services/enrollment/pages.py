"""Enrollment for people: institutions, enterprises, trainings, journeys, the catalogue. The same commands as the API."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request

from services.enrollment import commands, words
from services.enrollment.attention import STAFF, attention, is_due
from services.enrollment.enterprise import Enterprise
from services.enrollment.institution import Institution
from services.enrollment.journey import ZONE, Journey
from services.enrollment.module_version import ModuleVersion
from services.enrollment.names import (
    active_providers,
    called,
    certified_trainers,
    enterprise_names,
    institution_names,
    module_called,
    module_names,
    short,
)
from services.enrollment.schemas import (
    DeliverTraining,
    RegisterEnterprise,
    RegisterInstitution,
    ReverseDelivery,
    ScheduleTraining,
    SeatEnterprise,
    SuspendInstitution,
)
from services.enrollment.settings import enrollment_settings
from services.enrollment.training import Training
from shared.runtime import clock
from shared.runtime.context import current_principal
from shared.web.fields import Choice, Code
from shared.web.fields import Province as ProvinceCode
from shared.web.pages import Pages, ResponseReturnValue, gettext_noop, listed, page, redirect_to, seen
from shared.web.permissions import ROLES

PAGES = Pages("enrollment")
READERS = ("programme", "provider", "trainer", "enterprise", "auditor")
REGISTER_READERS = ("programme", "auditor", "provider")
NEWEST_FIRST = ("-created_at", "created_at")


@PAGES.get("/overview", permits=READERS, title=gettext_noop("Overview"), nav=True, personal=True)
def overview() -> ResponseReturnValue:
    found = attention()
    return page("overview.html", found=found, names=enterprise_names(found.enterprise_ids), modules=module_names())


@PAGES.get("/enterprises", permits=READERS, title=gettext_noop("Enterprises"), nav=True, personal=True)
def enterprises() -> ResponseReturnValue:
    found = listed(
        Enterprise.objects, sort=NEWEST_FIRST, filters={"province": ProvinceCode(), "sector": Choice(*words.SECTORS)}
    )
    return page(
        "enterprises.html",
        words=words,
        found=found,
        called=called,
        providers=institution_names(row.provider_id for row in found.rows),
        registers=current_principal().role in STAFF,
    )


@PAGES.get("/enterprises/new", permits=STAFF, title=gettext_noop("Register an enterprise"))
def new_enterprise() -> ResponseReturnValue:
    return page(
        "register_enterprise.html",
        words=words,
        chooses=current_principal().institution is None,
        providers=active_providers(),
    )


@PAGES.post("/enterprises/new", permits=STAFF, body=RegisterEnterprise, personal=True)
def register_enterprise(body: dict[str, Any]) -> ResponseReturnValue:
    registered = commands.register_enterprise(**body)
    return redirect_to("enterprise", enterprise_id=registered.id, said=gettext_noop("The enterprise is registered."))


@PAGES.get("/enterprises/<uuid:enterprise_id>", permits=READERS, title=gettext_noop("Enterprise"), personal=True)
def enterprise(enterprise_id: UUID) -> ResponseReturnValue:
    shown = Enterprise.get(enterprise_id)
    return page(
        "enterprise.html",
        words=words,
        heading=called(shown),
        enterprise=shown,
        provider=institution_names([shown.provider_id])[shown.provider_id],
        journeys=sorted(Journey.objects(enterprise_id=enterprise_id), key=lambda one: one.module),
        trainings=sorted(Training.objects(rosters__enterprise_id=enterprise_id), key=lambda one: min(one.days)),
        modules=module_names(),
        seats=current_principal().role in STAFF,
    )


@PAGES.get("/trainings", permits=READERS, title=gettext_noop("Trainings"), nav=True)
def trainings() -> ResponseReturnValue:
    kinds = {"state": Choice(*words.TRAINING_STATES), "module": Code(), "delivery_mode": Choice(*words.DELIVERY_MODES)}
    found = listed(Training.objects, sort=NEWEST_FIRST, filters=kinds)
    return page(
        "trainings.html",
        words=words,
        found=found,
        providers=institution_names(row.provider_id for row in found.rows),
        modules=module_names(),
        is_due=is_due,
        schedules=current_principal().role in STAFF,
    )


@PAGES.get("/trainings/new", permits=STAFF, title=gettext_noop("Plan a training"))
def new_training() -> ResponseReturnValue:
    return page(
        "schedule.html",
        words=words,
        chooses=current_principal().institution is None,
        providers=active_providers(),
        modules=module_names(),
        trainers=certified_trainers(clock.today(ZONE)),
        usual_seats=enrollment_settings().classroom_capacity,
    )


@PAGES.post("/trainings/new", permits=STAFF, body=ScheduleTraining)
def schedule_training(body: dict[str, Any]) -> ResponseReturnValue:
    planned = commands.schedule_training(**body)
    said = gettext_noop("The training is planned. Now give enterprises their seats.")
    return redirect_to("training", training_id=planned.id, said=said)


@PAGES.get("/trainings/<uuid:training_id>", permits=READERS, title=gettext_noop("Training"), personal=True)
def training(training_id: UUID) -> ResponseReturnValue:
    shown = Training.get(training_id)
    viewer = current_principal()
    staff = viewer.role in STAFF
    rosters = [one for one in shown.rosters if viewer.role != "enterprise" or one.enterprise_id == viewer.enterprise]
    return page(
        "training.html",
        heading=module_called(shown.module),
        words=words,
        training=shown,
        rosters=rosters,
        names=enterprise_names(roster.enterprise_id for roster in rosters),
        provider=institution_names([shown.provider_id])[shown.provider_id],
        lead=short(shown.lead_trainer_id),
        others=", ".join(short(trainer_id) for trainer_id in shown.co_trainer_ids),
        due=is_due(shown),
        candidates=_without_seats(shown) if staff and shown.state == "scheduled" else [],
        may_seat=staff and shown.state == "scheduled",
        may_deliver=is_due(shown) and (staff or viewer.role == "trainer"),
        may_reverse=staff and shown.state == "delivered",
    )


@PAGES.post("/trainings/<uuid:training_id>/rosters", permits=STAFF, body=SeatEnterprise, shows="training")
def seat_enterprise(training_id: UUID, body: dict[str, Any]) -> ResponseReturnValue:
    commands.seat_enterprise(training_id, **body)
    return redirect_to("training", training_id=training_id, said=gettext_noop("The seats are taken."))


@PAGES.get(
    "/trainings/<uuid:training_id>/delivery",
    permits=(*STAFF, "trainer"),
    title=gettext_noop("Enter the attendance"),
    personal=True,
)
def delivery(training_id: UUID) -> ResponseReturnValue:
    shown = Training.get(training_id)
    names = enterprise_names(roster.enterprise_id for roster in shown.rosters)
    return page("delivery.html", training=shown, names=names, of=module_called(shown.module), due=is_due(shown))


@PAGES.post("/trainings/<uuid:training_id>/delivery", permits=(*STAFF, "trainer"), body=DeliverTraining)
def deliver_training(training_id: UUID, body: dict[str, Any]) -> ResponseReturnValue:
    seen(Training.get(training_id))
    commands.deliver_training(training_id, **body)
    return redirect_to("training", training_id=training_id, said=gettext_noop("The training is delivered."))


@PAGES.post("/trainings/<uuid:training_id>/delivery/reversal", permits=STAFF, body=ReverseDelivery, shows="training")
def reverse_delivery(training_id: UUID, body: dict[str, Any]) -> ResponseReturnValue:
    seen(Training.get(training_id))
    commands.reverse_delivery(training_id, **body)
    return redirect_to("training", training_id=training_id, said=gettext_noop("The delivery is taken back."))


@PAGES.get("/journeys", permits=READERS, title=gettext_noop("Journeys"), nav=True, personal=True)
def journeys() -> ResponseReturnValue:
    wanted = request.args.get("state", "")
    narrowed = {"open": {"completed_on": None}, "completed": {"completed_on__ne": None}}.get(wanted, {})
    found = listed(Journey.objects(**narrowed), sort=NEWEST_FIRST, filters={"module": Code()})
    return page(
        "journeys.html",
        words=words,
        found=found,
        names=enterprise_names(row.enterprise_id for row in found.rows),
        modules=module_names(),
    )


@PAGES.get("/journeys/<uuid:journey_id>", permits=READERS, title=gettext_noop("Journey"), personal=True)
def journey(journey_id: UUID) -> ResponseReturnValue:
    shown = Journey.get(journey_id)
    return page(
        "journey.html",
        heading=module_called(shown.module),
        words=words,
        journey=shown,
        enterprise=enterprise_names([shown.enterprise_id])[shown.enterprise_id],
        early=[visit for visit in shown.visits if visit not in shown.counted] if shown.classroom else shown.visits,
    )


@PAGES.get("/institutions", permits=REGISTER_READERS, title=gettext_noop("Institutions"), nav=True)
def institutions() -> ResponseReturnValue:
    kinds = {"kind": Choice(*words.INSTITUTION_KINDS), "state": Choice(*words.INSTITUTION_STATES)}
    return page(
        "institutions.html",
        words=words,
        found=listed(Institution.objects, sort=NEWEST_FIRST, filters=kinds),
        registers=current_principal().role == "programme",
    )


@PAGES.get("/institutions/new", permits=("programme",), title=gettext_noop("Register an institution"))
def new_institution() -> ResponseReturnValue:
    return page("register_institution.html", words=words)


@PAGES.post("/institutions/new", permits=("programme",), body=RegisterInstitution)
def register_institution(body: dict[str, Any]) -> ResponseReturnValue:
    entered = commands.register_institution(**body)
    return redirect_to("institution", institution_id=entered.id, said=gettext_noop("The institution is registered."))


@PAGES.get("/institutions/<uuid:institution_id>", permits=REGISTER_READERS, title=gettext_noop("Institution"))
def institution(institution_id: UUID) -> ResponseReturnValue:
    shown = Institution.get(institution_id)
    return page(
        "institution.html",
        words=words,
        heading=shown.name,
        institution=shown,
        may_suspend=current_principal().role == "programme" and shown.state == "active",
    )


@PAGES.post(
    "/institutions/<uuid:institution_id>/suspension",
    permits=("programme",),
    body=SuspendInstitution,
    shows="institution",
)
def suspend_institution(institution_id: UUID, body: dict[str, Any]) -> ResponseReturnValue:
    commands.suspend_institution(institution_id, **body)
    return redirect_to("institution", institution_id=institution_id, said=gettext_noop("The institution is suspended."))


@PAGES.get("/modules", permits=tuple(sorted(ROLES)), title=gettext_noop("Modules"), nav=True)
def modules() -> ResponseReturnValue:
    return page("modules.html", versions=ModuleVersion.objects.order_by("module", "number"))


def _without_seats(training: Training) -> list[tuple[UUID, str]]:
    """Enterprises of the training's provider that have no seats in it, by name."""
    seated = {roster.enterprise_id for roster in training.rosters}
    found = Enterprise.objects(provider_id=training.provider_id)
    free = [(row.id, called(row)) for row in found if row.id not in seated]
    return sorted(free, key=lambda pair: pair[1].casefold())
