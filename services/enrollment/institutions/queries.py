"""Reads of institutions for pages and other subjects."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from services.enrollment.errors import refused
from services.enrollment.institutions.errors import INSTITUTION_SUSPENDED, PROVIDER_MISSING, UNKNOWN_INSTITUTION
from services.enrollment.institutions.model import Institution
from shared.domain.errors import NotFound
from shared.i18n.names import named
from shared.kernel.context import current_principal, unscoped


def acting_provider(provider_id: UUID | None) -> Institution:
    """Return the caller's own institution; the programme names one."""
    own_id = current_principal().institution
    institution_id = own_id or provider_id
    if institution_id is None:
        raise refused("/provider_id", PROVIDER_MISSING)
    try:
        provider = Institution.get(institution_id)
    except NotFound:
        raise refused("/provider_id", UNKNOWN_INSTITUTION) from None
    if provider_id not in (None, institution_id):
        raise refused("/provider_id", UNKNOWN_INSTITUTION)
    if provider.state != "active":
        raise refused("/provider_id", INSTITUTION_SUSPENDED)
    return provider


def institution_names(wanted: Iterable[UUID]) -> dict[UUID, str]:
    institution_ids = set(wanted)
    with unscoped("the names of institutions are no secret"):
        names = (
            {row.id: str(row.name) for row in Institution.objects(id__in=list(institution_ids))}
            if institution_ids
            else {}
        )
    return named(institution_ids, names)


def active_providers() -> list[tuple[UUID, str]]:
    """Return the institutions that the caller may register for, by name."""
    active = [(row.id, str(row.name)) for row in Institution.objects(state="active") if row.kind != "sponsor"]
    return sorted(active, key=lambda pair: pair[1].casefold())
