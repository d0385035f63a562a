"""Registers the people of enterprises, corrects what is known of them, and keeps what they allow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Final, NotRequired, TypedDict, Unpack
from uuid import UUID

from services.enrollment.enterprises.errors import UNKNOWN_ENTERPRISE
from services.enrollment.enterprises.model import Enterprise
from services.enrollment.errors import not_in_future, refused
from services.enrollment.people import consent
from services.enrollment.people.consent import CURRENT_TEXT
from services.enrollment.people.errors import PURPOSE_MISSING, PersonRegistered
from services.enrollment.people.model import NewParticipant, Participant, ParticipantChanges
from services.enrollment.people.privacy_request import PrivacyRequest
from services.enrollment.people.queries import open_requests, people_called
from shared.domain.external_ids import Numbered, require_free
from shared.domain.names import name_key, words_of
from shared.kernel import clock
from shared.kernel.context import current_principal
from shared.messaging.outbox.compacted import publish_party
from shared.reference.zones import WIB
from shared.storage.transaction import transactional

MOST_FOUND: Final = 50
LAST: Final = "\uffff"  # sorts behind every letter


class GivenConsent(TypedDict):
    """The consent of a person, as a caller gives it."""

    purposes: Sequence[str]
    text_version: NotRequired[str]
    given_by: NotRequired[str]
    given_on: NotRequired[date]


@dataclass(frozen=True, slots=True)
class RegistrationLookup:
    """The look-ups for registering people: the enterprises that the caller may see, and who is there by that name."""

    providers: dict[UUID, UUID]
    people: dict[tuple[UUID, str], UUID]
    numbers: dict[Numbered, UUID] = field(default_factory=dict)

    @classmethod
    def of(cls, wanted: Sequence[tuple[UUID, str]]) -> RegistrationLookup:
        names: dict[UUID, set[str]] = {}
        for enterprise_id, name in wanted:
            names.setdefault(enterprise_id, set()).add(name_key(name))
        providers: dict[UUID, UUID] = dict(Enterprise.objects(id__in=list(names)).scalar("id", "provider_id"))
        people = {
            (enterprise_id, key): row_id
            for enterprise_id in providers
            for key, row_id in people_called(enterprise_id, names[enterprise_id]).items()
        }
        return cls(providers, people)

    def known(self, enterprise_id: UUID, name: str) -> UUID | None:
        return self.people.get((enterprise_id, name_key(name)))

    def add(self, participant: Participant) -> None:
        self.people.setdefault((participant.enterprise_id, participant.name_key), participant.id)
        if participant.numbered:
            self.numbers[participant.numbered] = participant.id


@transactional
def register_participant(
    *,
    enterprise_id: UUID,
    namesake: bool = False,
    consent: GivenConsent | None = None,
    among: RegistrationLookup | None = None,
    **described: Unpack[NewParticipant],
) -> Participant:
    """Register a person of an enterprise for training, with what this person consents to.

    `among` is what was looked up for many at once.
    """
    among = among or RegistrationLookup.of([(enterprise_id, described["name"])])
    provider_id = among.providers.get(enterprise_id)
    if provider_id is None:
        raise refused("/enterprise_id", UNKNOWN_ENTERPRISE)
    participant = Participant(enterprise_id=enterprise_id, provider_id=provider_id, **described)
    require_free(participant, among.numbers)
    registered_id = None if namesake else among.known(enterprise_id, described["name"])
    if registered_id:
        raise PersonRegistered(registered_id)
    if consent is not None:
        _give(participant, consent, "/consent")
    participant.register()
    among.add(participant)
    participant.insert()
    publish_party(participant.party(), new=True)
    return participant


@transactional
def correct_participant(participant_id: UUID, **changes: Unpack[ParticipantChanges]) -> Participant:
    """Correct what was recorded of a person and was wrong or has changed."""
    participant = Participant.get(participant_id)
    as_it_was = participant.snapshot()
    participant.correct(changes)
    if participant.snapshot() == as_it_was:
        return participant
    if "external_id" in changes:
        require_free(participant)
    complete_requests(participant_id, "correction")
    return _saved(participant)


@transactional
def give_consent(participant_id: UUID, **given: Unpack[GivenConsent]) -> Participant:
    participant = Participant.get(participant_id)
    _give(participant, given, "")
    return _saved(participant)


@transactional
def withdraw_consent(participant_id: UUID, *, purposes: Sequence[str]) -> Participant:
    """Withdraw consent: from now on nothing is done for these purposes."""
    if not purposes:
        raise refused("/purposes", PURPOSE_MISSING)
    participant = Participant.get(participant_id)
    participant.withdraw(purposes, by=current_principal().id, at=clock.now())
    consented = consent.consented(participant.consents)
    for request in open_requests(participant_id, "withdrawal"):
        if not set(request.purposes) & set(consented):
            _complete(request)
    return _saved(participant)


@transactional
def restrict_processing(participant_id: UUID) -> Participant:
    """Restrict a person's data: nothing is done with them for now; they are kept."""
    participant = Participant.get(participant_id)
    participant.restrict(at=clock.now())
    complete_requests(participant_id, "restriction")
    return _saved(participant)


@transactional
def lift_restriction(participant_id: UUID) -> Participant:
    participant = Participant.get(participant_id)
    participant.lift_restriction()
    return _saved(participant)


@transactional
def find_participants(
    *, name: str | None = None, email: str | None = None, phone: str | None = None, enterprise_id: UUID | None = None
) -> list[Participant]:
    """Find people by words of their name or their beginnings, address or number, among those the caller may see. A
    search is never part of an address."""
    words = sorted(words_of(name_key(name or "")), key=len)
    criteria = {"email": email, "phone": phone, "enterprise_id": enterprise_id}
    conditions: dict[str, object] = {field: value for field, value in criteria.items() if value}
    if words:  # the longest tells most; a two-sided range of it is what an index serves everywhere
        conditions |= {"name_words__gte": words[-1], "name_words__lt": f"{words[-1]}{LAST}"}
    if not conditions:
        return []
    matching = (person for person in Participant.objects(**conditions) if person.is_called(words))
    return list(islice(matching, MOST_FOUND))


@transactional
def move_participants(enterprise_id: UUID, *, kept_id: UUID, provider_id: UUID) -> None:
    """Move the people of an enterprise with it: to another provider, or to the registration it was merged into."""
    for participant in Participant.objects(enterprise_id=enterprise_id):
        participant.enterprise_id = kept_id
        participant.follow(provider_id)
        participant.save()
        if participant.state == "active":
            publish_party(participant.party())
        for request in open_requests(participant.id):
            request.enterprise_id, request.provider_id = kept_id, provider_id
            request.save()


def complete_requests(participant_id: UUID, *kinds: str) -> None:
    """Complete the open requests of a person: what was asked has been done."""
    for kind in kinds:
        for request in open_requests(participant_id, kind):
            _complete(request)


def _complete(request: PrivacyRequest) -> None:
    request.complete(by=current_principal().id, at=clock.now())
    request.save()


def _saved(participant: Participant) -> Participant:
    participant.save()
    publish_party(participant.party())
    return participant


def _give(participant: Participant, given: GivenConsent, place: str) -> None:
    """Add what a person consents to, as of today where no day is given."""
    today = clock.today(WIB)
    given_on = given.get("given_on", today)
    not_in_future(f"{place}/given_on")(given_on)
    participant.give(
        given["purposes"],
        text_version=given.get("text_version", CURRENT_TEXT),
        given_by=given.get("given_by", "person"),
        given_on=given_on,
        by=current_principal().id,
        at=clock.now(),
    )
