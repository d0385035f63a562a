"""The pages on which staff answer what people ask about their data."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response
from flask.typing import ResponseReturnValue
from marshmallow import fields

from services.enrollment.enterprises.queries import enterprise_names
from services.enrollment.people import commands
from services.enrollment.people.model import Participant
from services.enrollment.people.privacy_request import PrivacyRequest
from services.enrollment.people.queries import participant_names
from services.enrollment.privacy import commands as privacy_commands
from services.enrollment.privacy.labels import KINDS, STATES
from services.enrollment.privacy.schemas import (
    HoldParticipant,
    PrivacyRequestView,
    RecordPrivacyRequest,
    RefusePrivacyRequest,
)
from services.enrollment.privacy.subject_access import readable, record_of
from services.enrollment.roles import PROGRAMME, RECORD_READERS, STAFF
from shared.access import access_log
from shared.domain.errors import NotFound
from shared.i18n.language import current_language
from shared.kernel.message import gettext_noop
from shared.web.fields import Body, Choice, Flag
from shared.web.pages.declare import Pages
from shared.web.pages.listing import paginate
from shared.web.pages.rendering import redirect_to, render

PAGES = Pages("enrollment")
ONE = "/people/<uuid:participant_id>"
REQUEST = f"{ONE}/requests/<uuid:request_id>"


@PAGES.post(f"{ONE}/hold", permits=PROGRAMME, body=HoldParticipant, shows="person", personal=True)
def hold_participant(participant_id: UUID, body: Body) -> ResponseReturnValue:
    privacy_commands.hold_participant(participant_id, **body)
    flash = gettext_noop("The data are kept until that day, whoever asks for their erasure.")
    return redirect_to("person", participant_id=participant_id, flash=flash)


@PAGES.post(f"{ONE}/hold/release", permits=PROGRAMME, shows="person", personal=True)
def release_participant(participant_id: UUID) -> ResponseReturnValue:
    privacy_commands.release_participant(participant_id)
    return redirect_to("person", participant_id=participant_id, flash=gettext_noop("The data can be erased again."))


@PAGES.get(f"{ONE}/record", permits=RECORD_READERS, personal=True)
def person_record(participant_id: UUID) -> ResponseReturnValue:
    """Return all that is kept about a person as a text to hand over."""
    text = readable(record_of(Participant.get(participant_id)), current_language())
    named = {"Content-Disposition": 'attachment; filename="score-record.txt"'}
    return Response(text, content_type="text/plain; charset=utf-8", headers=named)


@PAGES.post(f"{ONE}/requests", permits=STAFF, body=RecordPrivacyRequest, shows="person", personal=True)
def record_privacy_request(participant_id: UUID, body: Body) -> ResponseReturnValue:
    privacy_commands.record_privacy_request(**{**body, "participant_id": participant_id})
    return redirect_to("person", participant_id=participant_id, flash=gettext_noop("The request is recorded."))


@PAGES.post(f"{REQUEST}/answer", permits=STAFF, shows="person", personal=True)
def answer_access_request(participant_id: UUID, request_id: UUID) -> ResponseReturnValue:
    _require_request_of(participant_id, request_id)
    privacy_commands.answer_access_request(request_id)
    return redirect_to("person", participant_id=participant_id, flash=gettext_noop("The request is answered."))


@PAGES.post(f"{REQUEST}/refusal", permits=STAFF, body=RefusePrivacyRequest, shows="person", personal=True)
def refuse_privacy_request(participant_id: UUID, request_id: UUID, body: Body) -> ResponseReturnValue:
    _require_request_of(participant_id, request_id)
    privacy_commands.refuse_privacy_request(request_id, **body)
    return redirect_to("person", participant_id=participant_id, flash=gettext_noop("The request is refused."))


@PAGES.post(f"{ONE}/restriction", permits=STAFF, shows="person", personal=True)
def restrict_processing(participant_id: UUID) -> ResponseReturnValue:
    commands.restrict_processing(participant_id)
    return redirect_to(
        "person", participant_id=participant_id, flash=gettext_noop("The data are only kept from now on.")
    )


@PAGES.post(f"{ONE}/restriction/lifting", permits=STAFF, shows="person", personal=True)
def lift_restriction(participant_id: UUID) -> ResponseReturnValue:
    commands.lift_restriction(participant_id)
    return redirect_to("person", participant_id=participant_id, flash=gettext_noop("The data may be used again."))


@PAGES.post(f"{ONE}/erasure", permits=STAFF, shows="person", personal=True)
def erase_participant(participant_id: UUID) -> ResponseReturnValue:
    privacy_commands.erase_participant(participant_id)
    flash = gettext_noop("The person is erased here. The other services follow.")
    return redirect_to("person", participant_id=participant_id, flash=flash)


@PAGES.get(
    "/privacy",
    permits=RECORD_READERS,
    title=gettext_noop("Privacy requests"),
    nav=("enterprises", 5),
    rows=PrivacyRequestView,
    names={"enterprise_id": enterprise_names, "participant_id": participant_names},
    personal=True,
)
def privacy_requests() -> ResponseReturnValue:
    kinds: dict[str, fields.Field[Any]] = {
        "state": Choice(*STATES),
        "kind": Choice(*KINDS),
        "overdue": Flag(),
    }
    page = paginate(PrivacyRequest.objects, sort=("due_at", "created_at"), filters=kinds)
    return render(
        "privacy_requests.html",
        found=page,
        names=enterprise_names(row.enterprise_id for row in page.rows),
    )


def _require_request_of(participant_id: UUID, request_id: UUID) -> None:
    """Put the request in the access log under its person, whom the form is about, not under itself."""
    if PrivacyRequest.get(request_id).participant_id != participant_id:
        raise NotFound("PrivacyRequest", request_id)
    access_log.concerns(participant_id)
