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
    distinct_ids = set(party_ids)
    by_id = parties.find_all(distinct_ids) if distinct_ids else {}
    return {
        party_id: str(by_id[party_id]["name"]) if party_id in by_id else short(party_id) for party_id in distinct_ids
    }


def party_name(party_id: UUID) -> str:
    return party_names([party_id])[party_id]
