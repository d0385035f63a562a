"""Says what stands where a name should: nobody can tell one thing from another by the end of an id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from shared.i18n.language import gettext


def named(wanted: Iterable[UUID], names: Mapping[UUID, str]) -> dict[UUID, str]:
    """Return a name for each id: of what has not arrived, or was erased, the words that say so."""
    return {row_id: names.get(row_id) or gettext("name not known") for row_id in wanted}
