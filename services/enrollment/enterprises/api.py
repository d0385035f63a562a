"""Enterprises over HTTP: sign-up and the way from there to graduation.

A registration that was merged answers 410 with the id of the kept one. The letter of commitment is sent as it is; what it
is shows from its content.
"""

from __future__ import annotations

from uuid import UUID

from flask import Response, request

from services.enrollment.enterprises import commands
from services.enrollment.enterprises.model import Enterprise
from services.enrollment.enterprises.queries import tax_number_of
from services.enrollment.enterprises.schemas import (
    CorrectEnterprise,
    EnterpriseView,
    FindEnterprises,
    FoundEnterprises,
    RegisterEnterprise,
    TaxNumberView,
)
from services.enrollment.participation import commands as participation_commands
from services.enrollment.participation.commitment_letter import MEDIA_TYPES, CommitmentLetter
from services.enrollment.participation.queries import commitment_letter_of
from services.enrollment.participation.schemas import (
    CommitEnterprise,
    CommitmentLetterView,
    EnrollEnterprise,
    OverrideScreening,
    ScreenEnterprise,
    WithdrawEnterprise,
)
from services.enrollment.roles import LETTER_READERS, PROGRAMME, READERS, STAFF, TAX_NUMBER_READERS
from services.enrollment.settings import enrollment_settings
from services.enrollment.transfers import commands as transfers_commands
from services.enrollment.transfers.schemas import ChangeProvider, MergeEnterprises
from shared.domain.errors import NotFound
from shared.storage.row_scope import ScopedQuerySet
from shared.web.api.json_body import received
from shared.web.api.routes import Routes
from shared.web.fields import Body
from shared.web.lists.listing import ListQuery

enterprises = Routes("enterprises", description="Enterprises in the programme", may_be_gone=True)
ONE = "/v1/enterprises/<uuid:enterprise_id>"
ANY_FILE = "application/octet-stream"


@enterprises.post(
    "/v1/enterprises", permits=STAFF, body=RegisterEnterprise, returns=EnterpriseView, created=True,
    location="/v1/enterprises/{id}", personal=True,
)  # fmt: skip
def register_enterprise(body: Body) -> Enterprise:
    return commands.register_enterprise(**body)


@enterprises.list(
    "/v1/enterprises", permits=READERS, returns=EnterpriseView, filters=("external_id", "nib", "province", "sector", "state"),
    sort=("created_at",), personal=True,
)  # fmt: skip
def list_enterprises(query: ListQuery) -> ScopedQuerySet:
    del query
    return Enterprise.objects


@enterprises.post(
    "/v1/enterprises/search", permits=STAFF, body=FindEnterprises, returns=FoundEnterprises, personal=True
)
def find_enterprises(body: Body) -> dict[str, list[Enterprise]]:
    """Find by a number that must not stand in an address."""
    return {"items": commands.find_enterprises(**body)}


@enterprises.get(ONE, permits=READERS, returns=EnterpriseView, personal=True)
def show_enterprise(enterprise_id: UUID) -> Enterprise:
    return Enterprise.get(enterprise_id)


@enterprises.get(f"{ONE}/tax-number", permits=TAX_NUMBER_READERS, returns=TaxNumberView, personal=True)
def show_tax_number(enterprise_id: UUID) -> dict[str, str]:
    """Return the NPWP with every digit, also an individual's, which is shown by its end everywhere else."""
    return {"npwp": tax_number_of(enterprise_id)}


@enterprises.patch(ONE, permits=STAFF, body=CorrectEnterprise, returns=EnterpriseView, personal=True)
def correct_enterprise(enterprise_id: UUID, body: Body) -> Enterprise:
    return commands.correct_enterprise(enterprise_id, **body)


@enterprises.post(f"{ONE}/contact/erasure", permits=STAFF, returns=EnterpriseView, personal=True)
def forget_enterprise_contact(enterprise_id: UUID) -> Enterprise:
    return commands.forget_enterprise_contact(enterprise_id)


@enterprises.post(f"{ONE}/screening", permits=STAFF, body=ScreenEnterprise, returns=EnterpriseView, personal=True)
def screen_enterprise(enterprise_id: UUID, body: Body) -> Enterprise:
    return participation_commands.screen_enterprise(enterprise_id, **body)


@enterprises.post(
    f"{ONE}/screening/override", permits=PROGRAMME, body=OverrideScreening, returns=EnterpriseView, personal=True
)
def override_screening(enterprise_id: UUID, body: Body) -> Enterprise:
    return participation_commands.override_screening(enterprise_id, **body)


@enterprises.post(
    f"{ONE}/letters", permits=STAFF, returns=CommitmentLetterView, created=True, personal=True,
    consumes=(ANY_FILE, *MEDIA_TYPES), largest_body=enrollment_settings().letter_bytes,
)  # fmt: skip
def upload_commitment_letter(enterprise_id: UUID) -> CommitmentLetter:
    return participation_commands.upload_commitment_letter(enterprise_id, content=received(request))


@enterprises.get(f"{ONE}/commitment/letter", permits=LETTER_READERS, produces=MEDIA_TYPES, personal=True)
def show_commitment_letter(enterprise_id: UUID) -> Response:
    letter = commitment_letter_of(enterprise_id)
    if letter is None:
        raise NotFound("CommitmentLetter", enterprise_id)
    named = {"Content-Disposition": "attachment", "X-Content-Type-Options": "nosniff"}
    return Response(bytes(letter.content), mimetype=letter.media_type, headers=named)


@enterprises.post(f"{ONE}/commitment", permits=STAFF, body=CommitEnterprise, returns=EnterpriseView, personal=True)
def commit_enterprise(enterprise_id: UUID, body: Body) -> Enterprise:
    return participation_commands.commit_enterprise(enterprise_id, **body)


@enterprises.post(f"{ONE}/enrolment", permits=STAFF, body=EnrollEnterprise, returns=EnterpriseView, personal=True)
def enroll_enterprise(enterprise_id: UUID, body: Body) -> Enterprise:
    return participation_commands.enroll_enterprise(enterprise_id, **body)


@enterprises.post(f"{ONE}/withdrawal", permits=STAFF, body=WithdrawEnterprise, returns=EnterpriseView, personal=True)
def withdraw_enterprise(enterprise_id: UUID, body: Body) -> Enterprise:
    return participation_commands.withdraw_enterprise(enterprise_id, **body)


@enterprises.post(f"{ONE}/provider", permits=PROGRAMME, body=ChangeProvider, returns=EnterpriseView, personal=True)
def change_provider(enterprise_id: UUID, body: Body) -> Enterprise:
    return transfers_commands.change_provider(enterprise_id, **body)


@enterprises.post(f"{ONE}/merger", permits=PROGRAMME, body=MergeEnterprises, returns=EnterpriseView, personal=True)
def merge_enterprises(enterprise_id: UUID, body: Body) -> Enterprise:
    return transfers_commands.merge_enterprises(enterprise_id, **body)
