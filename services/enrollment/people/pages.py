"""Pages about the people of an enterprise, what they consent to, and what they ask about their data."""

from __future__ import annotations

from uuid import UUID

from flask.typing import ResponseReturnValue

from services.enrollment.enterprises.model import Enterprise
from services.enrollment.enterprises.queries import called, enterprise_names
from services.enrollment.people import commands
from services.enrollment.people.commands import MOST_FOUND
from services.enrollment.people.consent import CURRENT_TEXT, PURPOSES, TEXTS
from services.enrollment.people.labels import ROLES, STATES
from services.enrollment.people.model import Participant
from services.enrollment.people.privacy_request import PrivacyRequest
from services.enrollment.people.schemas import (
    CorrectParticipant,
    FindParticipants,
    GiveConsent,
    ParticipantView,
    RegisterParticipant,
    WithdrawConsent,
)
from services.enrollment.roles import PROGRAMME, READERS, RECORD_READERS, STAFF
from services.enrollment.transfers.redirect import follows_merger
from shared.erasure.progress import progress_of
from shared.i18n.language import current_language
from shared.kernel import clock
from shared.kernel.context import current_principal
from shared.kernel.message import gettext_noop
from shared.reference.zones import WIB
from shared.web.fields import Body, Choice
from shared.web.pages.declare import Pages
from shared.web.pages.forms.submitted_form import posted, require_unchanged
from shared.web.pages.listing import number_filter, paginate
from shared.web.pages.rendering import redirect_to, render

PAGES = Pages("enrollment")

OF_ENTERPRISE = "/enterprises/<uuid:enterprise_id>/people"

ONE = "/people/<uuid:participant_id>"


@PAGES.get(
    OF_ENTERPRISE,
    permits=READERS,
    title=gettext_noop("People"),
    rows=ParticipantView,
    names={"enterprise_id": enterprise_names},
    personal=True,
)
@follows_merger
def people(enterprise_id: UUID) -> ResponseReturnValue:
    kinds = {"role": Choice(*ROLES), "state": Choice(*STATES), **number_filter()}
    role = current_principal().role
    return render(
        "people.html",
        enterprise=enterprise_id,
        called=called(Enterprise.get(enterprise_id)),
        found=paginate(Participant.objects(enterprise_id=enterprise_id), sort=("created_at",), filters=kinds),
        registers=role in STAFF,
        opens=role in RECORD_READERS,
        numbers="external_id" in kinds,
    )


@PAGES.get(f"{OF_ENTERPRISE}/new", permits=STAFF, title=gettext_noop("Register a person"), personal=True)
@follows_merger
def new_person(enterprise_id: UUID) -> ResponseReturnValue:
    sent = posted()
    return render(
        "register_person.html",
        enterprise=enterprise_id,
        called=called(Enterprise.get(enterprise_id)),
        texts=[(purpose, TEXTS[CURRENT_TEXT][purpose][current_language()]) for purpose in PURPOSES],
        namesake=sent is not None and sent.problem is not None and "participant_id" in sent.problem.members,
    )


@PAGES.post(f"{OF_ENTERPRISE}/new", permits=STAFF, body=RegisterParticipant, personal=True)
def register_person(enterprise_id: UUID, body: Body) -> ResponseReturnValue:
    registered = commands.register_participant(**{**body, "enterprise_id": enterprise_id})
    return redirect_to("person", participant_id=registered.id, flash=gettext_noop("The person is registered."))


@PAGES.get(ONE, permits=RECORD_READERS, title=gettext_noop("Person"), personal=True)
def person(participant_id: UUID) -> ResponseReturnValue:
    shown = Participant.get(participant_id)
    requests = PrivacyRequest.objects(participant_id=participant_id)
    return render(
        "person.html",
        heading=shown.name or "",
        person=shown,
        enterprise=enterprise_names([shown.enterprise_id])[shown.enterprise_id],
        texts=TEXTS,
        purposes=PURPOSES,
        requests=sorted(requests, key=lambda request: request.due_at),
        erasure=progress_of("enrollment", participant_id),
        acts=current_principal().role in STAFF and shown.state == "active",
        holds=current_principal().role in PROGRAMME and shown.state == "active",
        kept_by_law=shown.is_held(clock.today(WIB)),
    )


@PAGES.get(f"{ONE}/correction", permits=STAFF, title=gettext_noop("Correct the person"), personal=True)
def person_correction(participant_id: UUID) -> ResponseReturnValue:
    shown = Participant.get(participant_id)
    if shown.state == "erased":
        return redirect_to("person", participant_id=participant_id)
    return render("correct_person.html", person=shown)


@PAGES.post(f"{ONE}/correction", permits=STAFF, body=CorrectParticipant, personal=True)
def correct_person(participant_id: UUID, body: Body) -> ResponseReturnValue:
    require_unchanged(Participant.get(participant_id))
    commands.correct_participant(participant_id, **body)
    return redirect_to("person", participant_id=participant_id, flash=gettext_noop("The person's data are corrected."))


@PAGES.post(f"{ONE}/consents", permits=STAFF, body=GiveConsent, shows="person", personal=True)
def give_consent(participant_id: UUID, body: Body) -> ResponseReturnValue:
    commands.give_consent(participant_id, **body)
    return redirect_to("person", participant_id=participant_id, flash=gettext_noop("The consent is recorded."))


@PAGES.post(f"{ONE}/consents/withdrawal", permits=STAFF, body=WithdrawConsent, shows="person", personal=True)
def withdraw_consent(participant_id: UUID, body: Body) -> ResponseReturnValue:
    commands.withdraw_consent(participant_id, **body)
    return redirect_to("person", participant_id=participant_id, flash=gettext_noop("The consent is withdrawn."))


@PAGES.get("/people", permits=STAFF, title=gettext_noop("People"), nav=("enterprises", 3))
def people_search() -> ResponseReturnValue:
    return _search_page(None)


@PAGES.post("/people", permits=STAFF, body=FindParticipants, personal=True)
def find_participants(body: Body) -> ResponseReturnValue:
    return _search_page(commands.find_participants(**body) if body else None)


def _search_page(people: list[Participant] | None) -> ResponseReturnValue:
    """Draw the search with its result; `people` is None where nothing was asked."""
    sent = posted()
    return render(
        "people_search.html",
        found=people,
        most=MOST_FOUND,
        names=enterprise_names(person.enterprise_id for person in people or ()),
        among=_searched_enterprise(),
        sought=sent.values if sent else {},
    )


def _searched_enterprise() -> tuple[UUID, str] | None:
    """Return the one enterprise among whose people the visitor searches."""
    sent = posted()
    try:
        enterprise_id = UUID(sent.values.get("enterprise_id", "")) if sent else None
    except ValueError:
        enterprise_id = None
    enterprise = Enterprise.find(enterprise_id) if enterprise_id else None
    return (enterprise.id, called(enterprise)) if enterprise else None
