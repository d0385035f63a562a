"""Qualifications over HTTP: what each trainer may teach."""

from __future__ import annotations

from uuid import UUID

from services.certification.qualifications import commands
from services.certification.qualifications.model import Qualification
from services.certification.qualifications.schemas import QualificationView, RevokeCertificate, SuspendCertificate
from services.certification.roles import PROGRAMME, READERS
from shared.storage.row_scope import ScopedQuerySet
from shared.web.api.routes import Routes
from shared.web.fields import Body
from shared.web.lists.listing import ListQuery

qualifications = Routes("qualifications", description="What each trainer may teach, and by which certificate")


@qualifications.list(
    "/v1/qualifications",
    permits=READERS,
    returns=QualificationView,
    filters=("trainer_id", "module", "institution_id", "state"),
    sort=("created_at",),
)
def list_qualifications(query: ListQuery) -> ScopedQuerySet:
    del query
    return Qualification.objects


@qualifications.get("/v1/qualifications/<uuid:qualification_id>", permits=READERS, returns=QualificationView)
def show_qualification(qualification_id: UUID) -> Qualification:
    return Qualification.get(qualification_id)


@qualifications.post(
    "/v1/qualifications/<uuid:qualification_id>/suspension", permits=PROGRAMME, body=SuspendCertificate,
    returns=QualificationView,
)  # fmt: skip
def suspend_certificate(qualification_id: UUID, body: Body) -> Qualification:
    return commands.suspend_certificate(qualification_id, **body)


@qualifications.post(
    "/v1/qualifications/<uuid:qualification_id>/restoration", permits=PROGRAMME, returns=QualificationView
)
def lift_suspension(qualification_id: UUID) -> Qualification:
    return commands.lift_suspension(qualification_id)


@qualifications.post(
    "/v1/qualifications/<uuid:qualification_id>/revocation", permits=PROGRAMME, body=RevokeCertificate,
    returns=QualificationView,
)  # fmt: skip
def revoke_certificate(qualification_id: UUID, body: Body) -> Qualification:
    return commands.revoke_certificate(qualification_id, **body)
