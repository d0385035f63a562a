"""Slips of paper by which those answer who get no letter: each opens the evaluation once, and none is anybody's.

Nothing says who holds which. Of a slip there is a keyed digest until it is used, and afterwards nothing but their number.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from typing import ClassVar, Final
from uuid import UUID

import mongoengine as me

from services.enrollment.rosters.model import Roster
from shared.domain.aggregate import StoredDocument
from shared.kernel.keys import keyed
from shared.kernel.principal import Principal
from shared.storage.indexes import index
from shared.storage.row_scope import Scope

ALPHABET: Final = "23456789abcdefghjkmnpqrstuvwxyz"  # without letters and digits that look alike on paper
GROUPS, LENGTH = 4, 4


class Slip(StoredDocument):
    """A slip that was printed and not used yet."""

    meta: ClassVar[dict[str, object]] = {"collection": "evaluation_slips"}
    INDEXES = (index("training_id"),)

    training_id = me.UUIDField(required=True, binary=True)

    @staticmethod
    def id_of(code: str) -> UUID:
        return UUID(bytes=keyed("evaluation slip", code.casefold().encode())[:16])

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        del principal
        return None


def new_code() -> str:
    """Return what stands on a slip, in groups that can be typed."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for _ in range(GROUPS))


def without_letter(rosters: Iterable[Roster], with_address: Collection[UUID]) -> int:
    """Count who was there on every day and is asked by no letter: known by number only, or without an e-mail address."""
    came = [roster for roster in rosters if roster.came]
    there: int = sum(roster.attended.counted().total for roster in came)
    asked = {person for roster in came for person in roster.present_ids} & set(with_address)
    return max(there - len(asked), 0)
