"""Partner institutions over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.enrollment.institutions import commands
from services.enrollment.institutions.model import Institution
from services.enrollment.institutions.schemas import (
    CorrectInstitution,
    InstitutionRecordView,
    InstitutionView,
    RegisterInstitution,
    SuspendInstitution,
)
from services.enrollment.roles import PROGRAMME, RECORD_READERS, STAFF
from shared.erasure.progress import require_progress
from shared.storage.row_scope import ScopedQuerySet
from shared.web.api.erasures import ErasureView
from shared.web.api.routes import Routes
from shared.web.fields import Body
from shared.web.lists.listing import ListQuery

institutions = Routes("institutions", description="The register of partner institutions")
ONE = "/v1/institutions/<uuid:institution_id>"


@institutions.post(
    "/v1/institutions", permits=PROGRAMME, body=RegisterInstitution, returns=InstitutionRecordView, created=True,
    location="/v1/institutions/{id}", personal=True,
)  # fmt: skip
def register_institution(body: Body) -> Institution:
    return commands.register_institution(**body)


@institutions.list(
    "/v1/institutions", permits=RECORD_READERS, returns=InstitutionView, filters=("kind", "state"), sort=("created_at",)
)
def list_institutions(query: ListQuery) -> ScopedQuerySet:
    del query
    return Institution.objects


@institutions.get(ONE, permits=RECORD_READERS, returns=InstitutionRecordView, personal=True)
def show_institution(institution_id: UUID) -> Institution:
    return Institution.get(institution_id)


@institutions.patch(ONE, permits=STAFF, body=CorrectInstitution, returns=InstitutionRecordView, personal=True)
def correct_institution(institution_id: UUID, body: Body) -> Institution:
    return commands.correct_institution(institution_id, **body)


@institutions.post(
    f"{ONE}/contacts/<uuid:contact_id>/erasure", permits=STAFF, returns=InstitutionRecordView,
    personal=True,
)  # fmt: skip
def forget_institution_contact(institution_id: UUID, contact_id: UUID) -> Institution:
    return commands.forget_institution_contact(institution_id, contact_id)


@institutions.get(
    f"{ONE}/contacts/<uuid:contact_id>/erasure/progress", permits=RECORD_READERS, returns=ErasureView,
    personal=True,
)  # fmt: skip
def show_institution_contact_erasure(institution_id: UUID, contact_id: UUID) -> dict[str, Any]:
    """Return which services have forgotten a person of the institution, and which have not yet."""
    Institution.get(institution_id)
    return require_progress("enrollment", contact_id, institution_id=institution_id)


@institutions.post(f"{ONE}/address/erasure", permits=STAFF, returns=InstitutionRecordView, personal=True)
def forget_institution_address(institution_id: UUID) -> Institution:
    return commands.forget_institution_address(institution_id)


@institutions.post(f"{ONE}/suspension", permits=PROGRAMME, body=SuspendInstitution, returns=InstitutionView)
def suspend_institution(institution_id: UUID, body: Body) -> Institution:
    return commands.suspend_institution(institution_id, **body)


@institutions.post(f"{ONE}/restoration", permits=PROGRAMME, returns=InstitutionView)
def restore_institution(institution_id: UUID) -> Institution:
    return commands.restore_institution(institution_id)
