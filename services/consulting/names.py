"""Names beside ids, for people: read from the local copy of parties, never stored with a visit.

Asked only about ids of rows that the caller may see. A party that has not arrived, or was erased, is shown by the end of
its id.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from shared.messaging import contacts


def names_of(party_ids: Iterable[UUID]) -> dict[UUID, str]:
    return {party_id: name_of(party_id) for party_id in set(party_ids)}


def name_of(party_id: UUID) -> str:
    party = contacts.find(party_id)
    return party["name"] if party else f"…{party_id.hex[-8:]}"


def trainers_of(provider_ids: Iterable[UUID]) -> list[tuple[UUID, str]]:
    """The trainers of some providers, by name."""
    rows = [row for provider_id in set(provider_ids) for row in contacts.belonging_to(provider_id, "trainer")]
    return sorted(
        ((row["_id"], row["name"]) for row in rows if not row.get("erased")), key=lambda pair: pair[1].casefold()
    )
