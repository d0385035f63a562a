"""The private address of a trainer's or a provider's calendar, as far as it is kept. The id is whose calendar it is.

The address itself is a signed link, made again from these each time it is shown. A new key makes another one, and ends
the one before.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import UUID

import mongoengine as me

from shared.domain.aggregate import Aggregate
from shared.kernel.principal import Principal
from shared.storage.row_scope import Scope


class CalendarAddress(Aggregate):
    meta: ClassVar[dict[str, object]] = {"collection": "calendar_addresses"}

    role = me.StringField(required=True, choices=("trainer", "provider"))
    key = me.UUIDField(required=True, binary=True)
    made_at = me.DateTimeField(required=True)

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        """Return no scope for anybody: whoever reads a key could know the address of somebody's calendar."""
        del principal
        return None

    def renew(self, key: UUID, now: datetime) -> None:
        self.key, self.made_at = key, now

    @property
    def holder(self) -> Principal:
        """Return in whose name the calendar is read."""
        trainer, institution = (self.id, None) if self.role == "trainer" else (None, self.id)
        return Principal("calendar", self.role, trainer=trainer, institution=institution)
