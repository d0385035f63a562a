"""Whom a visit may be given to, by name: read from the local copy of parties."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from shared.messaging import parties


def trainers_of(provider_ids: Iterable[UUID]) -> list[tuple[UUID, str]]:
    """The trainers of some providers, by name."""
    rows = [row for provider_id in set(provider_ids) for row in parties.belonging_to(provider_id, "trainer")]
    return sorted(
        ((row["_id"], row["name"]) for row in rows if not row.get("erased")), key=lambda pair: pair[1].casefold()
    )
