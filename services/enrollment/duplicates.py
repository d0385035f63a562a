"""Whether an enterprise that signs up is registered already, and what whoever registers it may know of that.

Candidates are found over all providers. A caller is shown those that it may see, and how many others there are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from services.enrollment.enterprise import Enterprise
from services.enrollment.enterprise_refusals import PossibleDuplicate
from services.enrollment.matching import keys_of, resemblance
from services.enrollment.settings import enrollment_settings
from shared.observability import logs
from shared.runtime.context import seeing_everything

log = logs.get(__name__)
COMPARED = ("name", "legal_form", "province", "place", "nib", "npwp", "contact", "provider_id", "state")


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


def candidates(enterprise: Enterprise) -> list[Candidate]:
    """Of all providers; found by an indexed key, then compared."""
    described = enterprise.described
    with seeing_everything():
        rows = list(Enterprise.objects(match_keys__in=keys_of(described)).only(*COMPARED))
    found = [Candidate(row, resemblance(described, row.described)) for row in rows if row.id != enterprise.id]
    return sorted(
        (candidate for candidate in found if candidate.reasons), key=lambda candidate: candidate.enterprise.id
    )


def refuse_duplicates(enterprise: Enterprise, *, confirmed: bool) -> None:
    """Raises `PossibleDuplicate`, unless the caller knows better. A NIB belongs to one enterprise, whatever is confirmed."""
    gate = enrollment_settings().duplicate_gate
    if gate == "off":
        return
    found = candidates(enterprise)
    taken = any("nib" in candidate.reasons for candidate in found)
    if not found or (confirmed and not taken):
        return
    if gate == "warn" and not taken:
        log.warning("gate passed with a warning", missing="distinct enterprise", candidates=len(found))
        return
    visible = _visible(found)
    raise PossibleDuplicate([candidate.shown() for candidate in visible], others=len(found) - len(visible))


def _visible(found: Iterable[Candidate]) -> list[Candidate]:
    by_id = {candidate.enterprise.id: candidate for candidate in found}
    return [by_id[row.id] for row in Enterprise.objects(id__in=list(by_id)).only("id")]
