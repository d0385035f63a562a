"""Finds out whether an enterprise is registered already, and how much of that its registrar may know.

Candidates are found over all providers. A caller is shown those that it may see, and how many others there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from services.enrollment.duplicates.matching import keys_of, resemblance
from services.enrollment.enterprises.errors import PossibleDuplicate
from services.enrollment.enterprises.model import Enterprise
from services.enrollment.enterprises.queries import seen_among, sharing_keys
from services.enrollment.settings import enrollment_settings
from services.enrollment.tax_numbers.keys import tax_number_keys
from shared.observability import logs

log = logs.get(__name__)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An enterprise that is probably the same, and why."""

    enterprise: Enterprise
    reasons: tuple[str, ...]

    def shown(self) -> dict[str, Any]:
        return {
            "id": str(self.enterprise.id),
            "name": self.enterprise.name,
            "legal_form": self.enterprise.legal_form,
            "province": self.enterprise.province,
            "place": self.enterprise.place,
            "state": self.enterprise.state,
            "reasons": list(self.reasons),
        }


@dataclass(slots=True)
class Entered:
    """Enterprises that a running transaction signs up one after the other; the store knows them at its end."""

    by_key: dict[str, list[Enterprise]] = field(default_factory=dict)

    def add(self, enterprise: Enterprise) -> None:
        for key in enterprise.match_keys:
            self.by_key.setdefault(key, []).append(enterprise)

    def sharing(self, keys: Iterable[str]) -> dict[UUID, Enterprise]:
        return {enterprise.id: enterprise for key in keys for enterprise in self.by_key.get(key, ())}


def candidates(enterprise: Enterprise, entered: Entered | None = None) -> list[Candidate]:
    """Return similar enterprises of all providers; found by an indexed key, then compared."""
    tax_keys = tax_number_keys()
    described = enterprise.described(tax_keys)
    keys = keys_of(described)
    rows = [*sharing_keys(keys), *(entered.sharing(keys).values() if entered else ())]
    compared = [
        Candidate(row, resemblance(described, row.described(tax_keys))) for row in rows if row.id != enterprise.id
    ]
    return sorted(
        (candidate for candidate in compared if candidate.reasons), key=lambda candidate: candidate.enterprise.id
    )


def refuse_duplicates(enterprise: Enterprise, *, confirmed: bool, entered: Entered | None = None) -> None:
    """Raise `PossibleDuplicate`, unless the caller knows better. A NIB belongs to one enterprise, whatever is confirmed."""
    gate = enrollment_settings().duplicate_gate
    if gate == "off":
        return
    alike = candidates(enterprise, entered)
    nib_taken = any("nib" in candidate.reasons for candidate in alike)
    if not alike or (confirmed and not nib_taken):
        return
    if gate == "warn" and not nib_taken:
        log.warning("gate passed with a warning", missing="distinct enterprise", candidates=len(alike))
        return
    visible = _visible(alike, entered)
    raise PossibleDuplicate([candidate.shown() for candidate in visible], others=len(alike) - len(visible))


def _visible(alike: Sequence[Candidate], entered: Entered | None) -> list[Candidate]:
    """Return the candidates that the caller may see; whoever enters one sees it."""
    own = entered.sharing(key for candidate in alike for key in candidate.enterprise.match_keys) if entered else {}
    visible_ids = seen_among(candidate.enterprise.id for candidate in alike)
    return [candidate for candidate in alike if candidate.enterprise.id in {*visible_ids, *own}]
