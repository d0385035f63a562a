"""What enrollment can be asked about the people of an enterprise and what they allow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, Final
from uuid import UUID

from services.enrollment.enterprises.model import Enterprise
from services.enrollment.errors import conflicting, refused
from services.enrollment.people import consent
from services.enrollment.people.consent import CURRENT_TEXT
from services.enrollment.people.model import Participant, name_key, words_of
from services.enrollment.people.privacy_request import open_requests
from shared.kernel import clock
from shared.kernel.context import seeing_everything
from shared.messaging.outbox.parties import publish_party
from shared.storage.transaction import transactional

ZONE: Final = "Asia/Jakarta"
MOST_FOUND: Final = 50
LAST: Final = "\uffff"  # sorts behind every letter


@dataclass(frozen=True, slots=True)
class RegistrationLookup:
    """What registering people must know: the enterprises that the caller may see, and who is there by that name."""

    providers: dict[UUID, UUID]
    people: dict[tuple[UUID, str], UUID]

    @classmethod
    def of(cls, wanted: Sequence[tuple[UUID, str]]) -> RegistrationLookup:
        names: dict[UUID, set[str]] = {}
        for enterprise_id, name in wanted:
            names.setdefault(enterprise_id, set()).add(name_key(name))
        found = Enterprise.objects(id__in=list(names)).scalar("id", "provider_id")
        providers: dict[UUID, UUID] = dict(found)
        people = {}
        with seeing_everything():  # who may see an enterprise may see its people
            for enterprise_id in providers:
                # an equality and a list are served by the index, two lists are not
                rows = Participant.objects(enterprise_id=enterprise_id, name_key__in=list(names[enterprise_id]))
                people.update({(enterprise_id, key): row_id for key, row_id in rows.scalar("name_key", "id")})
        return cls(providers, people)

    def known(self, enterprise_id: UUID, name: str) -> UUID | None:
        return self.people.get((enterprise_id, name_key(name)))

    def add(self, participant: Participant) -> None:
        self.people.setdefault((participant.enterprise_id, participant.name_key), participant.id)


@transactional
def register_participant(
    *,
    enterprise_id: UUID,
    namesake: bool = False,
    consent: Mapping[str, Any] | None = None,
    among: RegistrationLookup | None = None,
    **described: Any,
) -> Participant:
    """A person of an enterprise is put down for training, with what this person consents to.

    `among` is what was looked up for many at once.
    """
    around = among or RegistrationLookup.of([(enterprise_id, described["name"])])
    provider_id = around.providers.get(enterprise_id)
    if provider_id is None:
        raise refused("/enterprise_id", "unknown-enterprise")
    known = None if namesake else around.known(enterprise_id, described["name"])
    if known:
        raise conflicting("person-registered", pointer="/name", members={"participant_id": str(known)})
    participant = Participant(enterprise_id=enterprise_id, provider_id=provider_id, **described)
    if consent is not None:
        participant.give(**_given("/consent", **consent))
    participant.register()
    around.add(participant)
    participant.insert()
    publish_party(participant.party(), new=True)
    return participant


@transactional
def correct_participant(participant_id: UUID, **changes: Any) -> Participant:
    """What was recorded of a person was wrong or has changed."""
    if not changes:
        raise refused("", "nothing-to-correct")
    participant = Participant.get(participant_id)
    participant.correct(changes)
    complete_requests(participant_id, "correction")
    return _saved(participant)


@transactional
def give_consent(participant_id: UUID, **given: Any) -> Participant:
    participant = Participant.get(participant_id)
    participant.give(**_given("", **given))
    return _saved(participant)


@transactional
def withdraw_consent(participant_id: UUID, *, purposes: Sequence[str]) -> Participant:
    """From now on nothing is done for these purposes."""
    if not purposes:
        raise refused("/purposes", "purpose-missing")
    participant = Participant.get(participant_id)
    participant.withdraw(purposes)
    held = consent.consented(participant.consents)
    for request in open_requests(participant_id, "withdrawal"):
        if not set(request.purposes) & set(held):
            request.complete()
            request.save()
    return _saved(participant)


@transactional
def restrict_processing(participant_id: UUID) -> Participant:
    """Nothing is done with a person's data for now; they are kept."""
    participant = Participant.get(participant_id)
    participant.restrict()
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
) -> dict[str, list[Participant]]:
    """People by words of their name or the beginnings of them, address or number, among those whom the caller may see. A
    search is never part of an address."""
    words = sorted(words_of(name_key(name or "")), key=len)
    wanted = {"email": email, "phone": phone, "enterprise_id": enterprise_id}
    asked: dict[str, Any] = {field: value for field, value in wanted.items() if value}
    if words:  # the longest tells most; a two-sided range of it is what an index serves everywhere
        asked |= {"name_words__gte": words[-1], "name_words__lt": f"{words[-1]}{LAST}"}
    if not asked:
        return {"items": []}
    found = (one for one in Participant.objects(**asked) if one.is_called(words))
    return {"items": list(islice(found, MOST_FOUND))}


@transactional
def move_participants(enterprise_id: UUID, *, kept_id: UUID, provider_id: UUID) -> None:
    """The people of an enterprise go with it: to another provider, or to the registration it was merged into."""
    with seeing_everything():
        for participant in Participant.objects(enterprise_id=enterprise_id):
            participant.enterprise_id, participant.provider_id = kept_id, provider_id
            participant.save()
            if participant.state == "active":
                publish_party(participant.party())
            for request in open_requests(participant.id):
                request.enterprise_id, request.provider_id = kept_id, provider_id
                request.save()


def complete_requests(participant_id: UUID, *kinds: str) -> None:
    """What was asked has been done."""
    for kind in kinds:
        for request in open_requests(participant_id, kind):
            request.complete()
            request.save()


def _saved(participant: Participant) -> Participant:
    participant.save()
    publish_party(participant.party())
    return participant


def _given(
    place: str,
    *,
    purposes: Iterable[str],
    text_version: str = CURRENT_TEXT,
    given_by: str = "person",
    given_on: date | None = None,
) -> dict[str, Any]:
    today = clock.today(ZONE)
    if given_on is not None and given_on > today:
        raise refused(f"{place}/given_on", "date-in-future")
    return {
        "purposes": tuple(purposes),
        "text_version": text_version,
        "given_by": given_by,
        "given_on": given_on or today,
    }
