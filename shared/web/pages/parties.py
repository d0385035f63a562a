"""Names parties beside their ids, for people: from the local copy of parties, never stored with what is shown.

Asked only about ids of rows that the caller may see. A party that has not arrived, or was erased, is shown by the end of
its id.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from shared.i18n.formats import short
from shared.messaging import parties


def party_names(party_ids: Iterable[UUID]) -> dict[UUID, str]:
    asked = set(party_ids)
    known = parties.find_all(asked) if asked else {}
    return {party_id: str(known[party_id]["name"]) if party_id in known else short(party_id) for party_id in asked}


def party_name(party_id: UUID) -> str:
    return party_names([party_id])[party_id]
