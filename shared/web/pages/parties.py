"""Names parties beside their ids, for people: from the local copy of parties, never stored with what is shown.

Asked only about ids of rows that the caller may see. A party that has not arrived, or was erased, is said to have no
known name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from shared.i18n.names import named
from shared.messaging import parties
from shared.web.pages.listing import ByName


def party_names(party_ids: Iterable[UUID]) -> dict[UUID, str]:
    distinct_ids = set(party_ids)
    by_id = parties.find_all(distinct_ids) if distinct_ids else {}
    return named(distinct_ids, {party_id: row["name"] for party_id, row in by_id.items()})


def party_name(party_id: UUID) -> str:
    return party_names([party_id])[party_id]


def party_choices(party_ids: Iterable[UUID]) -> list[tuple[UUID, str]]:
    """Return parties to choose from, by name."""
    return sorted(party_names(party_ids).items(), key=lambda pair: pair[1].casefold())


def by_party(field: str) -> ByName:
    """Return how a list is searched by the name of the party that a field of its rows names."""

    def called(rows: Sequence[Any]) -> Iterator[str]:
        names = party_names(getattr(row, field) for row in rows)
        return (names[getattr(row, field)] for row in rows)

    return ByName((field,), called)
