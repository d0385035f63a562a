"""A trainer's entitlement to a module, as certification said: the local copy that scheduling is judged by."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import mongoengine as me

from shared.domain.aggregate import StoredDocument
from shared.storage.indexes import index


class Entitlement(StoredDocument):
    """One trainer and one module; the id is the qualification's."""

    meta: ClassVar[dict[str, object]] = {"collection": "entitlements"}
    INDEXES = (index("trainer_id"),)

    trainer_id = me.UUIDField(required=True, binary=True)
    module = me.StringField(required=True)
    valid_from = me.DateField(required=True)
    valid_to = me.DateField(required=True)
    ended_on = me.DateField()

    def uncovered(self, days: list[date]) -> list[date]:
        """Return those of the days on which it is not valid."""
        return [day for day in days if not self.valid_from <= day <= self.valid_to or self._ended_by(day)]

    def _ended_by(self, day: date) -> bool:
        return self.ended_on is not None and day >= self.ended_on
