"""The lanes that let only one through of two similar sign-ups that come in the same moment.

Neither sees the other while it looks for duplicates, and without a NIB no index tells them apart. So each writes rows
that every enterprise which resembles it would write too: the store lets one of them commit, and the other runs again
from its start, when the first is there to be seen. A row is a lane that many share; who meets there without resembling
the other runs again for nothing and gets in.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Final
from uuid import UUID

import mongoengine as me

from shared.domain.aggregate import StoredDocument
from shared.kernel import ids
from shared.kernel.keys import digest
from shared.kernel.principal import Principal
from shared.storage.row_scope import Scope
from shared.storage.transaction import current_batch

COLLECTION: Final = "sign_up_claims"
LANES: Final = 1_024  # a sign-up takes about five, so that two that have nothing in common rarely meet


class SignUpClaim(StoredDocument):
    """A lane, and who took it last. All of them are there from the start: two could not both make one."""

    meta: ClassVar[dict[str, object]] = {"collection": COLLECTION}

    enterprise_id = me.UUIDField(binary=True)

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        del principal
        return None


def claim(enterprise_id: UUID, keys: Iterable[str]) -> None:
    """Take lanes in the running transaction, which the store refuses or repeats when another took one meanwhile."""
    for key in keys:
        current_batch().replace(COLLECTION, {"_id": lane_of(key), "enterprise_id": enterprise_id})


def lane_of(key: str) -> UUID:
    return lane_id(int.from_bytes(digest("sign-up lane", key.encode())[:4]) % LANES)


def lane_id(lane: int) -> UUID:
    return ids.derived("sign-up lane", lane)
