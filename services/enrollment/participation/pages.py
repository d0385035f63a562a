"""The forms on an enterprise's page that take it further: screening, commitment, enrolment, or out of the programme."""

from __future__ import annotations

from uuid import UUID

from flask import Response
from flask.typing import ResponseReturnValue

from services.enrollment.participation import commands
from services.enrollment.participation.queries import commitment_letter_of
from services.enrollment.participation.schemas import (
    CommitEnterprise,
    EnrollEnterprise,
    OverrideScreening,
    ScreenEnterprise,
    WithdrawEnterprise,
)
from services.enrollment.roles import LETTER_READERS, PROGRAMME, STAFF
from services.enrollment.settings import enrollment_settings
from services.enrollment.transfers import commands as transfers_commands
from services.enrollment.transfers.redirect import follows_merger
from services.enrollment.transfers.schemas import ChangeProvider
from shared.domain.errors import NotFound
from shared.kernel.message import gettext_noop
from shared.web.fields import Body
from shared.web.pages.declare import Pages
from shared.web.pages.forms.submitted_form import attached
from shared.web.pages.rendering import redirect_to

PAGES = Pages("enrollment")
ONE = "/enterprises/<uuid:enterprise_id>"
FORM_BYTES = 65_536  # what stands beside the letter in its form
LETTER_FORM = enrollment_settings().letter_bytes + FORM_BYTES


@PAGES.post(f"{ONE}/screening", permits=STAFF, body=ScreenEnterprise, shows="enterprise", personal=True)
def screen_enterprise(enterprise_id: UUID, body: Body) -> ResponseReturnValue:
    commands.screen_enterprise(enterprise_id, **body)
    return redirect_to("enterprise", enterprise_id=enterprise_id, flash=gettext_noop("The screening is entered."))


@PAGES.post(f"{ONE}/screening/override", permits=PROGRAMME, body=OverrideScreening, shows="enterprise", personal=True)
def override_screening(enterprise_id: UUID, body: Body) -> ResponseReturnValue:
    commands.override_screening(enterprise_id, **body)
    flash = gettext_noop("The enterprise takes part all the same.")
    return redirect_to("enterprise", enterprise_id=enterprise_id, flash=flash)


@PAGES.post(
    f"{ONE}/commitment", permits=STAFF, body=CommitEnterprise, shows="enterprise", personal=True,
    largest_body=LETTER_FORM,
)  # fmt: skip
def commit_enterprise(enterprise_id: UUID, body: Body) -> ResponseReturnValue:
    content = attached("letter_id")
    if content:
        body["letter_id"] = commands.upload_commitment_letter(enterprise_id, content=content).id
    commands.commit_enterprise(enterprise_id, **body)
    flash = gettext_noop("The commitment and the plan are kept.")
    return redirect_to("enterprise", enterprise_id=enterprise_id, flash=flash)


@PAGES.get(f"{ONE}/commitment/letter", permits=LETTER_READERS, personal=True)
@follows_merger
def commitment_letter(enterprise_id: UUID) -> ResponseReturnValue:
    letter = commitment_letter_of(enterprise_id)
    if letter is None:
        raise NotFound("CommitmentLetter", enterprise_id)
    named = {"Content-Disposition": "attachment", "X-Content-Type-Options": "nosniff"}
    return Response(bytes(letter.content), mimetype=letter.media_type, headers=named)


@PAGES.post(f"{ONE}/enrolment", permits=STAFF, body=EnrollEnterprise, shows="enterprise", personal=True)
def enroll_enterprise(enterprise_id: UUID, body: Body) -> ResponseReturnValue:
    commands.enroll_enterprise(enterprise_id, **body)
    flash = gettext_noop("The enterprise is enrolled. It can have seats in trainings.")
    return redirect_to("enterprise", enterprise_id=enterprise_id, flash=flash)


@PAGES.post(f"{ONE}/withdrawal", permits=STAFF, body=WithdrawEnterprise, shows="enterprise", personal=True)
def withdraw_enterprise(enterprise_id: UUID, body: Body) -> ResponseReturnValue:
    commands.withdraw_enterprise(enterprise_id, **body)
    return redirect_to("enterprise", enterprise_id=enterprise_id, flash=gettext_noop("The enterprise has left."))


@PAGES.post(f"{ONE}/provider", permits=PROGRAMME, body=ChangeProvider, shows="enterprise", personal=True)
def change_provider(enterprise_id: UUID, body: Body) -> ResponseReturnValue:
    transfers_commands.change_provider(enterprise_id, **body)
    flash = gettext_noop("The enterprise has another training provider.")
    return redirect_to("enterprise", enterprise_id=enterprise_id, flash=flash)
