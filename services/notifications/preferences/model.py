"""The choice of a recipient: whether letters that need not be written are wanted. The id is the recipient's.

Two things speak against such a letter: that its recipient opted out of them, here; or that a person does not consent to be
contacted, which enrollment says. Neither lifts the other.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import mongoengine as me

from shared.domain.aggregate import Aggregate
from shared.kernel.principal import Principal
from shared.storage.row_scope import Scope


class Preference(Aggregate):
    meta: ClassVar[dict[str, object]] = {"collection": "preferences"}

    opted_out_at = me.DateTimeField()
    refuses_contact = me.BooleanField(required=True, default=False)

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        """Return no scope for anybody: a choice is the recipient's own, who comes by a signed link."""
        del principal
        return None

    def opt_out(self, now: datetime) -> None:
        self.opted_out_at = self.opted_out_at or now

    @property
    def wants_none(self) -> bool:
        return self.opted_out_at is not None or bool(self.refuses_contact)
