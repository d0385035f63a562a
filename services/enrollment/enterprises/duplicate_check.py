"""Whether an enterprise that signs up is registered already, and what whoever registers it may know of that.

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
from services.enrollment.settings import enrollment_settings
from shared.kernel.context import seeing_everything
from shared.observability import logs

log = logs.get(__name__)
COMPARED = ("name", "legal_form", "province", "place", "nib", "npwp", "sealed_npwp", "contact", "provider_id", "state")


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
    """Of all providers; found by an indexed key, then compared."""
    described = enterprise.described
    keys = keys_of(described)
    with seeing_everything():
        rows = list(Enterprise.objects(match_keys__in=keys).only(*COMPARED))
    rows += entered.sharing(keys).values() if entered else ()
    found = [Candidate(row, resemblance(described, row.described)) for row in rows if row.id != enterprise.id]
    return sorted(
        (candidate for candidate in found if candidate.reasons), key=lambda candidate: candidate.enterprise.id
    )


def refuse_duplicates(enterprise: Enterprise, *, confirmed: bool, entered: Entered | None = None) -> None:
    """Raises `PossibleDuplicate`, unless the caller knows better. A NIB belongs to one enterprise, whatever is confirmed."""
    gate = enrollment_settings().duplicate_gate
    if gate == "off":
        return
    found = candidates(enterprise, entered)
    taken = any("nib" in candidate.reasons for candidate in found)
    if not found or (confirmed and not taken):
        return
    if gate == "warn" and not taken:
        log.warning("gate passed with a warning", missing="distinct enterprise", candidates=len(found))
        return
    visible = _visible(found, entered)
    raise PossibleDuplicate([candidate.shown() for candidate in visible], others=len(found) - len(visible))


def _visible(found: Sequence[Candidate], entered: Entered | None) -> list[Candidate]:
    """Those that the caller may see; whoever enters one sees it."""
    own = entered.sharing(key for candidate in found for key in candidate.enterprise.match_keys) if entered else {}
    seen = {row.id for row in Enterprise.objects(id__in=[candidate.enterprise.id for candidate in found]).only("id")}
    return [candidate for candidate in found if candidate.enterprise.id in {*seen, *own}]
