"""Assessments over HTTP."""

from __future__ import annotations

from uuid import UUID

from services.consulting.assessments import commands
from services.consulting.assessments.model import Assessment
from services.consulting.assessments.practices import Practice, practices
from services.consulting.assessments.schemas import (
    AssessmentView,
    AssignAssessment,
    CompleteAssessment,
    KeepAssessmentDraft,
    PracticesView,
    StartAssessment,
)
from services.consulting.readings.model import Reading
from services.consulting.readings.queries import readings_of
from services.consulting.readings.schemas import ReadingsView
from services.consulting.roles import AUTHORS, READERS, STAFF
from shared.storage.row_scope import ScopedQuerySet
from shared.web.api.routes import Routes
from shared.web.fields import Body
from shared.web.lists.listing import ListQuery

assessments = Routes("assessments", description="Assessments of enterprises: baseline, endline, follow-up")

ONE = "/v1/assessments/<uuid:assessment_id>"


@assessments.post(
    "/v1/assessments",
    permits=STAFF,
    body=StartAssessment,
    returns=AssessmentView,
    created=True,
    location="/v1/assessments/{id}",
)
def start_assessment(body: Body) -> Assessment:
    return commands.start_assessment(**body)


@assessments.list(
    "/v1/assessments",
    permits=READERS,
    returns=AssessmentView,
    filters=("enterprise_id", "kind", "state", "trainer_id", "provider_id"),
    sort=("created_at",),
)
def list_assessments(query: ListQuery) -> ScopedQuerySet:
    del query
    return Assessment.objects


@assessments.get("/v1/assessments/practices", permits=READERS, returns=PracticesView)
def list_practices() -> dict[str, list[Practice]]:
    return {"items": list(practices().values())}


@assessments.get(ONE, permits=READERS, returns=AssessmentView)
def show_assessment(assessment_id: UUID) -> Assessment:
    return Assessment.get(assessment_id)


@assessments.get(f"{ONE}/readings", permits=READERS, returns=ReadingsView)
def show_assessment_readings(assessment_id: UUID) -> dict[str, list[Reading]]:
    return {"items": readings_of(Assessment.get(assessment_id).id)}


@assessments.post(f"{ONE}/assignment", permits=STAFF, body=AssignAssessment, returns=AssessmentView)
def assign_assessment(assessment_id: UUID, body: Body) -> Assessment:
    return commands.assign_assessment(assessment_id, **body)


@assessments.post(f"{ONE}/draft", permits=AUTHORS, body=KeepAssessmentDraft, returns=AssessmentView)
def keep_assessment_draft(assessment_id: UUID, body: Body) -> Assessment:
    return commands.keep_assessment_draft(assessment_id, **body)


@assessments.post(f"{ONE}/completion", permits=AUTHORS, body=CompleteAssessment, returns=AssessmentView)
def complete_assessment(assessment_id: UUID, body: Body) -> Assessment:
    return commands.complete_assessment(assessment_id, **body)
