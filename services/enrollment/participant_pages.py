"""Pages about the people of an enterprise, what they consent to, and what they ask about their data."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import fields

from services.enrollment import commands, person_words, words
from services.enrollment.consent import CURRENT_TEXT, PURPOSES, TEXTS
from services.enrollment.enterprise import Enterprise
from services.enrollment.kept_pages import follows_merger
from services.enrollment.names import called, enterprise_names
from services.enrollment.page_roles import PROGRAMME, READERS, RECORD_READERS, STAFF
from services.enrollment.participant import Participant
from services.enrollment.participant_commands import ZONE
from services.enrollment.personal_record import readable, record_of
from services.enrollment.privacy_commands import erasure_of
from services.enrollment.privacy_request import PrivacyRequest
from services.enrollment.schemas import (
    CorrectParticipant,
    GiveConsent,
    HoldParticipant,
    RecordPrivacyRequest,
    RefusePrivacyRequest,
    RegisterParticipant,
    WithdrawConsent,
)
from shared.errors import NotFound
from shared.runtime import clock
from shared.runtime.context import current_principal
from shared.web import access_log
from shared.web.fields import Choice, Flag
from shared.web.pages import (
    Pages,
    ResponseReturnValue,
    current_language,
    gettext_noop,
    listed,
    page,
    posted,
    redirect_to,
    seen,
)

PAGES = Pages("enrollment")
OF_ENTERPRISE = "/enterprises/<uuid:enterprise_id>/people"
ONE = "/people/<uuid:participant_id>"
REQUEST = f"{ONE}/requests/<uuid:request_id>"


@PAGES.get(OF_ENTERPRISE, permits=READERS, title=gettext_noop("People"), personal=True)
@follows_merger
def people(enterprise_id: UUID) -> ResponseReturnValue:
    kinds = {"role": Choice(*person_words.ROLES), "state": Choice(*person_words.STATES)}
    role = current_principal().role
    return page(
        "people.html",
        words=words,
        terms=person_words,
        enterprise=enterprise_id,
        called=called(Enterprise.get(enterprise_id)),
        found=listed(Participant.objects(enterprise_id=enterprise_id), sort=("created_at",), filters=kinds),
        registers=role in STAFF,
        opens=role in RECORD_READERS,
    )


@PAGES.get(f"{OF_ENTERPRISE}/new", permits=STAFF, title=gettext_noop("Register a person"), personal=True)
@follows_merger
def new_person(enterprise_id: UUID) -> ResponseReturnValue:
    sent = posted()
    return page(
        "register_person.html",
        words=words,
        terms=person_words,
        enterprise=enterprise_id,
        called=called(Enterprise.get(enterprise_id)),
        texts=[(purpose, TEXTS[CURRENT_TEXT][purpose][current_language()]) for purpose in PURPOSES],
        namesake=sent is not None and sent.problem is not None and "participant_id" in sent.problem.members,
    )


@PAGES.post(f"{OF_ENTERPRISE}/new", permits=STAFF, body=RegisterParticipant, personal=True)
def register_person(enterprise_id: UUID, body: dict[str, Any]) -> ResponseReturnValue:
    registered = commands.register_participant(**{**body, "enterprise_id": enterprise_id})
    return redirect_to("person", participant_id=registered.id, said=gettext_noop("The person is registered."))


@PAGES.get(ONE, permits=RECORD_READERS, title=gettext_noop("Person"), personal=True)
def person(participant_id: UUID) -> ResponseReturnValue:
    shown = Participant.get(participant_id)
    requests = PrivacyRequest.objects(participant_id=participant_id)
    return page(
        "person.html",
        heading=shown.name or "",
        words=words,
        terms=person_words,
        person=shown,
        enterprise=enterprise_names([shown.enterprise_id])[shown.enterprise_id],
        texts=TEXTS,
        purposes=PURPOSES,
        requests=sorted(requests, key=lambda one: one.due_at),
        erasure=erasure_of(shown) if shown.erased_at else None,
        acts=current_principal().role in STAFF and shown.state == "active",
        holds=current_principal().role == "programme" and shown.state == "active",
        kept_by_law=shown.is_held(clock.today(ZONE)),
    )


@PAGES.get(f"{ONE}/correction", permits=STAFF, title=gettext_noop("Correct the person"), personal=True)
def person_correction(participant_id: UUID) -> ResponseReturnValue:
    shown = Participant.get(participant_id)
    if shown.state == "erased":
        return redirect_to("person", participant_id=participant_id)
    return page("correct_person.html", words=words, terms=person_words, person=shown)


@PAGES.post(f"{ONE}/correction", permits=STAFF, body=CorrectParticipant, personal=True)
def correct_person(participant_id: UUID, body: dict[str, Any]) -> ResponseReturnValue:
    seen(Participant.get(participant_id))
    commands.correct_participant(participant_id, **body)
    return redirect_to("person", participant_id=participant_id, said=gettext_noop("The person's data are corrected."))


@PAGES.post(f"{ONE}/hold", permits=PROGRAMME, body=HoldParticipant, shows="person", personal=True)
def hold_participant(participant_id: UUID, body: dict[str, Any]) -> ResponseReturnValue:
    commands.hold_participant(participant_id, **body)
    said = gettext_noop("The data are kept until that day, whoever asks for their erasure.")
    return redirect_to("person", participant_id=participant_id, said=said)


@PAGES.post(f"{ONE}/hold/release", permits=PROGRAMME, shows="person", personal=True)
def release_participant(participant_id: UUID) -> ResponseReturnValue:
    commands.release_participant(participant_id)
    return redirect_to("person", participant_id=participant_id, said=gettext_noop("The data can be erased again."))


@PAGES.get(f"{ONE}/record", permits=RECORD_READERS, personal=True)
def person_record(participant_id: UUID) -> ResponseReturnValue:
    """All that is kept about a person as a text to hand over."""
    text = readable(record_of(Participant.get(participant_id)), current_language())
    named = {"Content-Disposition": 'attachment; filename="score-record.txt"'}
    return Response(text, content_type="text/plain; charset=utf-8", headers=named)


@PAGES.post(f"{ONE}/consents", permits=STAFF, body=GiveConsent, shows="person", personal=True)
def give_consent(participant_id: UUID, body: dict[str, Any]) -> ResponseReturnValue:
    commands.give_consent(participant_id, **body)
    return redirect_to("person", participant_id=participant_id, said=gettext_noop("The consent is recorded."))


@PAGES.post(f"{ONE}/consents/withdrawal", permits=STAFF, body=WithdrawConsent, shows="person", personal=True)
def withdraw_consent(participant_id: UUID, body: dict[str, Any]) -> ResponseReturnValue:
    commands.withdraw_consent(participant_id, **body)
    return redirect_to("person", participant_id=participant_id, said=gettext_noop("The consent is withdrawn."))


@PAGES.post(f"{ONE}/requests", permits=STAFF, body=RecordPrivacyRequest, shows="person", personal=True)
def record_privacy_request(participant_id: UUID, body: dict[str, Any]) -> ResponseReturnValue:
    commands.record_privacy_request(**{**body, "participant_id": participant_id})
    return redirect_to("person", participant_id=participant_id, said=gettext_noop("The request is recorded."))


@PAGES.post(f"{REQUEST}/answer", permits=STAFF, shows="person", personal=True)
def answer_access_request(participant_id: UUID, request_id: UUID) -> ResponseReturnValue:
    _of_person(participant_id, request_id)
    commands.answer_access_request(request_id)
    return redirect_to("person", participant_id=participant_id, said=gettext_noop("The request is answered."))


@PAGES.post(f"{REQUEST}/refusal", permits=STAFF, body=RefusePrivacyRequest, shows="person", personal=True)
def refuse_privacy_request(participant_id: UUID, request_id: UUID, body: dict[str, Any]) -> ResponseReturnValue:
    _of_person(participant_id, request_id)
    commands.refuse_privacy_request(request_id, **body)
    return redirect_to("person", participant_id=participant_id, said=gettext_noop("The request is refused."))


@PAGES.post(f"{ONE}/restriction", permits=STAFF, shows="person", personal=True)
def restrict_processing(participant_id: UUID) -> ResponseReturnValue:
    commands.restrict_processing(participant_id)
    return redirect_to(
        "person", participant_id=participant_id, said=gettext_noop("The data are only kept from now on.")
    )


@PAGES.post(f"{ONE}/restriction/lifting", permits=STAFF, shows="person", personal=True)
def lift_restriction(participant_id: UUID) -> ResponseReturnValue:
    commands.lift_restriction(participant_id)
    return redirect_to("person", participant_id=participant_id, said=gettext_noop("The data may be used again."))


@PAGES.post(f"{ONE}/erasure", permits=STAFF, shows="person", personal=True)
def erase_participant(participant_id: UUID) -> ResponseReturnValue:
    commands.erase_participant(participant_id)
    said = gettext_noop("The person is erased here. The other services follow.")
    return redirect_to("person", participant_id=participant_id, said=said)


@PAGES.get("/privacy", permits=RECORD_READERS, title=gettext_noop("Privacy requests"), nav=True, personal=True)
def privacy_requests() -> ResponseReturnValue:
    kinds: dict[str, fields.Field[Any]] = {
        "state": Choice(*person_words.REQUEST_STATES),
        "kind": Choice(*person_words.REQUESTS),
        "overdue": Flag(),
    }
    found = listed(PrivacyRequest.objects, sort=("due_at", "created_at"), filters=kinds)
    return page(
        "privacy_requests.html",
        words=words,
        terms=person_words,
        found=found,
        names=enterprise_names(row.enterprise_id for row in found.rows),
    )


def _of_person(participant_id: UUID, request_id: UUID) -> None:
    """The form is about this person; in the access log it stands under them, not under the request."""
    if PrivacyRequest.get(request_id).participant_id != participant_id:
        raise NotFound("PrivacyRequest", request_id)
    access_log.concerns(participant_id)
