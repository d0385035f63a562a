"""Reads of enterprises for pages."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from services.enrollment.enterprises.model import Enterprise
from shared.i18n.formats import short
from shared.kernel.context import seeing_everything

SOLE_PROPRIETOR = "perorangan"


def called(enterprise: Enterprise) -> str:
    """Its name with its legal form, where that is part of a name."""
    plain = enterprise.legal_form == SOLE_PROPRIETOR
    return str(enterprise.name if plain else f"{enterprise.legal_form} {enterprise.name}")


def enterprise_names(wanted: Iterable[UUID]) -> dict[UUID, str]:
    asked = set(wanted)
    with seeing_everything():
        found = {row.id: called(row) for row in Enterprise.objects(id__in=list(asked))} if asked else {}
    return {row_id: found.get(row_id, short(row_id)) for row_id in asked}
