"""Reads of enterprises for commands, pages and other subjects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from services.enrollment.enterprises.errors import UNKNOWN_ENTERPRISE
from services.enrollment.enterprises.model import Enterprise
from services.enrollment.enterprises.rules import NewEnterprise, stored_values
from services.enrollment.errors import refused
from services.enrollment.settings import enrollment_settings
from services.enrollment.tax_numbers.keys import tax_number_keys
from services.enrollment.tax_numbers.model import number_of
from shared.domain.errors import NotFound
from shared.i18n.names import named
from shared.kernel.context import unscoped

SOLE_PROPRIETOR = "perorangan"
COMPARED = ("name", "legal_form", "province", "place", "nib", "npwp", "sealed_npwp", "contact", "provider_id", "state")


def called(enterprise: Enterprise) -> str:
    """Return its name with its legal form, where that is part of a name."""
    return _called(enterprise.legal_form, enterprise.name)


def _called(legal_form: str, name: str) -> str:
    return name if legal_form == SOLE_PROPRIETOR else f"{legal_form} {name}"


def known_enterprise(pointer: str) -> Callable[[UUID], Enterprise]:
    """Return the check of an id in a body that must be of an enterprise which the caller may see."""

    def check(enterprise_id: UUID) -> Enterprise:
        enterprise = Enterprise.find(enterprise_id)
        if enterprise is None:
            raise refused(pointer, UNKNOWN_ENTERPRISE)
        return enterprise

    return check


def enterprise_names(wanted: Iterable[UUID]) -> dict[UUID, str]:
    enterprise_ids = set(wanted)
    with unscoped("names stand beside ids of rows that the caller may see"):
        rows = Enterprise.objects(id__in=list(enterprise_ids)).only("legal_form", "name").as_pymongo()
        names = {row["_id"]: _called(row["legal_form"], row["name"]) for row in rows} if enterprise_ids else {}
    return named(enterprise_ids, names)


def tax_number_of(enterprise_id: UUID) -> str:
    """Return the whole number, for those who may see the enterprise; `NotFound` where none is known."""
    number = number_of(Enterprise.get(enterprise_id), tax_number_keys())
    if number is None:
        raise NotFound("TaxNumber", enterprise_id)
    return number


def seen_among(enterprise_ids: Iterable[UUID]) -> set[UUID]:
    """Return those of the enterprises that the caller may see."""
    return {row.id for row in Enterprise.objects(id__in=list(enterprise_ids)).only("id")}


def is_registered_so(enterprise_id: UUID, described: Mapping[str, Any]) -> bool:
    """Return whether an enterprise that the caller may see is stored as it is described."""
    enterprise = Enterprise.find(enterprise_id)
    edition = enrollment_settings().kbli_version
    given = cast("NewEnterprise", described)
    values = stored_values(given, legal_form=described["legal_form"], kbli_edition=edition)
    values.pop("npwp_given", None)
    stored = {"npwp": number_of(enterprise, tax_number_keys())} if enterprise else {}
    return enterprise is not None and all(
        stored.get(name, getattr(enterprise, name)) == value for name, value in values.items()
    )


def ids_by_nib(nibs: Sequence[str]) -> dict[str, UUID]:
    return {row.nib: row.id for row in Enterprise.objects(nib__in=nibs).only("id", "nib")} if nibs else {}


def any_enterprise(enterprise_id: UUID) -> Enterprise | None:
    """Return the enterprise, whoever may see it, for what follows from a row that the caller changed."""
    with unscoped("what follows for an enterprise follows whoever brought it about"):
        return Enterprise.find(enterprise_id)


def merged_into(enterprise_id: UUID) -> list[Enterprise]:
    """Return the registrations that were given up for an enterprise."""
    with unscoped("what becomes of an enterprise becomes of the registrations that were given up for it"):
        return list(Enterprise.objects(merged_into=enterprise_id))


def sharing_keys(keys: Iterable[str]) -> list[Enterprise]:
    """Return the enterprises of all providers that share a key, as far as they are compared."""
    with unscoped(
        "a duplicate is one whoever registered it; a caller is shown their own and, so often a day, how many others there are"
    ):
        return seen_sharing_keys(keys)


def seen_sharing_keys(keys: Iterable[str]) -> list[Enterprise]:
    """Return those that the caller may see."""
    return list(Enterprise.objects(match_keys__in=list(keys)).only(*COMPARED))


def count_signed_up_since(moment: datetime, most: int) -> int:
    """Return how many enterprises that the caller sees were signed up since then, counted up to `most`."""
    return len(list(Enterprise.objects(created_at__gte=moment).only("id").limit(most)))
