"""Consultancy visits over HTTP."""

from __future__ import annotations

from uuid import UUID

from services.consulting.readings.model import Reading
from services.consulting.readings.queries import readings_of
from services.consulting.readings.schemas import EnterReadings, ReadingsView
from services.consulting.reports.checklists import Item
from services.consulting.roles import AUTHORS, CONFIRMERS, READERS, STAFF
from services.consulting.visits import commands
from services.consulting.visits.model import Visit
from services.consulting.visits.queries import checklist_of
from services.consulting.visits.schemas import (
    CancelVisit,
    ChecklistView,
    ConfirmVisit,
    KeepDraft,
    NumberVisit,
    ReportVisit,
    RescheduleVisit,
    ReturnReport,
    ScheduleVisit,
    VisitView,
    VoidVisit,
)
from shared.storage.row_scope import ScopedQuerySet
from shared.web.api.routes import Routes
from shared.web.fields import Body
from shared.web.lists.listing import ListQuery

visits = Routes("visits", description="Consultancy visits: planned, reported, reviewed")


@visits.post(
    "/v1/visits", permits=STAFF, body=ScheduleVisit, returns=VisitView, created=True, location="/v1/visits/{id}"
)
def schedule_visit(body: Body) -> Visit:
    return commands.schedule_visit(**body)


@visits.list(
    "/v1/visits",
    permits=READERS,
    returns=VisitView,
    filters=("enterprise_id", "external_id", "module", "state", "trainer_id", "provider_id"),
    sort=("created_at",),
)
def list_visits(query: ListQuery) -> ScopedQuerySet:
    del query
    return Visit.objects


@visits.get("/v1/visits/<uuid:visit_id>", permits=READERS, returns=VisitView)
def show_visit(visit_id: UUID) -> Visit:
    return Visit.get(visit_id)


@visits.patch("/v1/visits/<uuid:visit_id>", permits=STAFF, body=NumberVisit, returns=VisitView)
def number_visit(visit_id: UUID, body: Body) -> Visit:
    return commands.number_visit(visit_id, **body)


@visits.post("/v1/visits/<uuid:visit_id>/rescheduling", permits=STAFF, body=RescheduleVisit, returns=VisitView)
def reschedule_visit(visit_id: UUID, body: Body) -> Visit:
    return commands.reschedule_visit(visit_id, **body)


@visits.post("/v1/visits/<uuid:visit_id>/cancellation", permits=STAFF, body=CancelVisit, returns=VisitView)
def cancel_visit(visit_id: UUID, body: Body) -> Visit:
    return commands.cancel_visit(visit_id, **body)


@visits.post("/v1/visits/<uuid:visit_id>/report", permits=AUTHORS, body=ReportVisit, returns=VisitView)
def report_visit(visit_id: UUID, body: Body) -> Visit:
    return commands.report_visit(visit_id, **body)


@visits.get("/v1/visits/<uuid:visit_id>/checklist", permits=READERS, returns=ChecklistView)
def show_checklist(visit_id: UUID) -> dict[str, list[Item]]:
    return {"items": checklist_of(Visit.get(visit_id))}


@visits.post("/v1/visits/<uuid:visit_id>/draft", permits=AUTHORS, body=KeepDraft, returns=VisitView)
def keep_draft(visit_id: UUID, body: Body) -> Visit:
    return commands.keep_draft(visit_id, **body)


@visits.post("/v1/visits/<uuid:visit_id>/confirmation", permits=CONFIRMERS, body=ConfirmVisit, returns=VisitView)
def confirm_visit(visit_id: UUID, body: Body) -> Visit:
    return commands.confirm_visit(visit_id, **body)


@visits.get("/v1/visits/<uuid:visit_id>/readings", permits=READERS, returns=ReadingsView)
def show_visit_readings(visit_id: UUID) -> dict[str, list[Reading]]:
    return {"items": readings_of(Visit.get(visit_id).id)}


@visits.post("/v1/visits/<uuid:visit_id>/readings", permits=AUTHORS, body=EnterReadings, returns=ReadingsView)
def enter_readings(visit_id: UUID, body: Body) -> dict[str, list[Reading]]:
    return {"items": readings_of(commands.enter_readings(visit_id, **body).id)}


@visits.post("/v1/visits/<uuid:visit_id>/acceptance", permits=STAFF, returns=VisitView)
def accept_report(visit_id: UUID) -> Visit:
    return commands.accept_report(visit_id)


@visits.post("/v1/visits/<uuid:visit_id>/return", permits=STAFF, body=ReturnReport, returns=VisitView)
def return_report(visit_id: UUID, body: Body) -> Visit:
    return commands.return_report(visit_id, **body)


@visits.post("/v1/visits/<uuid:visit_id>/voiding", permits=STAFF, body=VoidVisit, returns=VisitView)
def void_visit(visit_id: UUID, body: Body) -> Visit:
    return commands.void_visit(visit_id, **body)
