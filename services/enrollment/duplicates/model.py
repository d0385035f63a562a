"""How often what an institution entered in a day was compared with what others registered, and what it was told by that.

A refusal says that another provider has the enterprise, without saying who or which; whoever guesses numbers learns from
it. So a day has so many of both. Sign-ups that were let in are rows of their own and not counted here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import ClassVar
from uuid import UUID

import mongoengine as me

from shared.domain.aggregate import Aggregate
from shared.kernel import ids
from shared.kernel.principal import Principal
from shared.storage.indexes import by_time, index
from shared.storage.row_scope import Scope, rows_for


class Comparisons(Aggregate):
    """One institution's of one day. `enterprise_ids` are those that others have and that it was refused for."""

    meta: ClassVar[dict[str, object]] = {"collection": "comparisons"}
    INDEXES = (
        *by_time(),
        index("institution_id"),
    )

    institution_id = me.UUIDField(required=True, binary=True)
    day = me.DateField(required=True)
    compared = me.IntField(required=True, default=0)
    told = me.IntField(required=True, default=0)
    enterprise_ids = me.ListField(me.UUIDField(binary=True))

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        """Show it to the programme, which knows whose the enterprises are and has them moved or merged."""
        return rows_for(principal)

    @classmethod
    def id_of(cls, institution_id: UUID, day: date) -> UUID:
        return ids.derived("comparisons", institution_id, day)

    def count(self, foreign: Sequence[UUID]) -> None:
        """Count a comparison, and what it told: that others have these enterprises."""
        self.compared += 1
        self.told += bool(foreign)
        self.enterprise_ids += [enterprise_id for enterprise_id in foreign if enterprise_id not in self.enterprise_ids]
