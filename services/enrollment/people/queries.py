"""Reads of people and of what they asked about their data, for commands, pages and other subjects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from services.enrollment.people.model import NewParticipant, Participant
from services.enrollment.people.privacy_request import PrivacyRequest
from shared.i18n.names import named
from shared.kernel.context import unscoped


def participant_names(wanted: Iterable[UUID]) -> dict[UUID, str]:
    """Return the names of people the caller may see; for the others that none is known."""
    participant_ids = set(wanted)
    names = (
        {row.id: str(row.name) for row in participants_by_id(participant_ids).values() if row.name}
        if participant_ids
        else {}
    )
    return named(participant_ids, names)


def participants_by_id(wanted: Iterable[UUID]) -> dict[UUID, Participant]:
    return {row.id: row for row in Participant.objects(id__in=list(wanted))}


def linked_participant(participant_id: UUID) -> Participant | None:
    """Return the person whom a signed link is for, who is not signed in; None of one who was erased."""
    with unscoped("the signed link is the permission to see oneself"):
        person = Participant.find(participant_id)
    return person if person is not None and person.state == "active" else None


def is_registered_so(participant_id: UUID, described: Mapping[str, Any], enterprise_id: UUID) -> bool:
    """Return whether a person of an enterprise whom the caller may see is stored as they are described."""
    person = Participant.find(participant_id)
    names = NewParticipant.__annotations__.keys() & described.keys()
    return (
        person is not None
        and person.enterprise_id == enterprise_id
        and all(getattr(person, name) == described[name] for name in names)
    )


def people_consenting(enterprise_id: UUID, purpose: str) -> tuple[list[tuple[UUID, str]], int]:
    """Return those of an enterprise who consent to a purpose, by name, and how many others there are."""
    people = list(Participant.objects(enterprise_id=enterprise_id, state="active"))
    consenting = [(row.id, str(row.name)) for row in people if purpose in row.purposes]
    return sorted(consenting, key=lambda pair: pair[1].casefold()), len(people) - len(consenting)


def people_called(enterprise_id: UUID, keys: Iterable[str]) -> dict[str, UUID]:
    """Return the people of an enterprise by these keys of their names."""
    with unscoped("whoever may see an enterprise may see its people; its index serves no third condition"):
        # an equality and a list are served by the index, two lists are not
        rows = Participant.objects(enterprise_id=enterprise_id, name_key__in=list(keys))
        return dict(rows.scalar("name_key", "id"))


def open_requests(participant_id: UUID, kind: str | None = None) -> list[PrivacyRequest]:
    conditions = {"kind": kind} if kind else {}
    return list(PrivacyRequest.objects(participant_id=participant_id, state="open", **conditions))


def requests_of(participant_id: UUID) -> Sequence[PrivacyRequest]:
    """Return everything that a person asked about their data, oldest first."""
    with unscoped("whoever may see a person may hand over what is kept of them"):
        requests = list(PrivacyRequest.objects(participant_id=participant_id))
    return sorted(requests, key=lambda request: request.received_at)
