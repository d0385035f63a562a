"""Finds out whether an enterprise is registered already, and how much of that its registrar may know.

Candidates are found over all providers. A caller is shown those that it may see, and how many others there are: the
domain needs that answer, since a second registration would be trained and paid for twice, and it lets numbers be guessed.
So an institution gets it so many times a day, the programme sees for which enterprises, and a rehearsal, which costs its
sender nothing, looks at what the sender may see and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias
from uuid import UUID

from services.enrollment.duplicates.commands import compared_enough, comparisons_left, count_refusal
from services.enrollment.duplicates.matching import keys_of, resemblance
from services.enrollment.enterprises.errors import PossibleDuplicate, SimilarEnterprise
from services.enrollment.enterprises.model import Enterprise
from services.enrollment.enterprises.queries import (
    count_signed_up_since,
    seen_among,
    seen_sharing_keys,
    sharing_keys,
)
from services.enrollment.settings import enrollment_settings
from services.enrollment.tax_numbers.keys import tax_number_keys
from shared.kernel import clock
from shared.kernel.context import current_principal
from shared.observability import logs
from shared.storage.row_scope import SEES_ALL

log = logs.get(__name__)

Find: TypeAlias = Callable[[Iterable[str]], list[Enterprise]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An enterprise that is probably the same, and why."""

    enterprise: Enterprise
    reasons: tuple[str, ...]

    def shown(self) -> SimilarEnterprise:
        return {
            "id": self.enterprise.id,
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
    left: int | None = None  # how many more may be compared with what others registered, once that is looked up

    def add(self, enterprise: Enterprise) -> None:
        for key in enterprise.match_keys:
            self.by_key.setdefault(key, []).append(enterprise)

    def sharing(self, keys: Iterable[str]) -> dict[UUID, Enterprise]:
        return {enterprise.id: enterprise for key in keys for enterprise in self.by_key.get(key, ())}


def candidates(enterprise: Enterprise, entered: Entered | None = None, find: Find = sharing_keys) -> list[Candidate]:
    """Return similar enterprises, of all providers unless `find` says else; found by an indexed key, then compared."""
    tax_keys = tax_number_keys()
    described = enterprise.described(tax_keys)
    keys = keys_of(described)
    rows = [*find(keys), *(entered.sharing(keys).values() if entered else ())]
    compared = [
        Candidate(row, resemblance(described, row.described(tax_keys))) for row in rows if row.id != enterprise.id
    ]
    return sorted(
        (candidate for candidate in compared if candidate.reasons), key=lambda candidate: candidate.enterprise.id
    )


def refuse_duplicates(
    enterprise: Enterprise, *, confirmed: bool, entered: Entered | None = None, rehearsed: bool = False
) -> None:
    """Raise `PossibleDuplicate`, unless the caller knows better. A NIB belongs to one enterprise, whatever is confirmed or
    set. Raise `ComparedEnough` where an institution has asked about others' enterprises often enough today.
    """
    asking = None if rehearsed else asking_institution()
    if asking is not None:
        _take_one_of_the_day(asking, entered or Entered())
    alike = candidates(enterprise, entered, seen_sharing_keys if rehearsed else sharing_keys)
    nib_taken = any("nib" in candidate.reasons for candidate in alike)
    gate = enrollment_settings().duplicate_gate
    if not alike or ((confirmed or gate == "off") and not nib_taken):
        return
    if gate == "warn" and not nib_taken:
        log.warning("gate passed with a warning", missing="distinct enterprise", candidates=len(alike))
        return
    visible = _visible(alike, entered)
    foreign = [candidate.enterprise.id for candidate in alike if candidate not in visible]
    count = partial(count_refusal, asking, foreign) if asking is not None else None
    raise PossibleDuplicate([candidate.shown() for candidate in visible], others=len(foreign), count=count)


def asking_institution() -> UUID | None:
    """Return the institution on whose behalf what others have is asked about; none for those who see every enterprise."""
    caller = current_principal()
    return None if caller.role in SEES_ALL else caller.institution


def _take_one_of_the_day(institution_id: UUID, entered: Entered) -> None:
    if entered.left is None:
        today = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
        most = enrollment_settings().compared_sign_ups
        entered.left = comparisons_left(institution_id, count_signed_up_since(today, most))
    if entered.left <= 0:
        raise compared_enough()
    entered.left -= 1


def _visible(alike: Sequence[Candidate], entered: Entered | None) -> list[Candidate]:
    """Return the candidates that the caller may see; whoever enters one sees it."""
    own = entered.sharing(key for candidate in alike for key in candidate.enterprise.match_keys) if entered else {}
    visible_ids = seen_among(candidate.enterprise.id for candidate in alike)
    return [candidate for candidate in alike if candidate.enterprise.id in {*visible_ids, *own}]
