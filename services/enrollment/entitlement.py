"""What a trainer may teach, as certification said: the local copy that scheduling is judged by."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Self
from uuid import UUID

import mongoengine as me

from shared.runtime import ids
from shared.storage.aggregate import StoredDocument
from shared.storage.indexes import index


class Entitlement(StoredDocument):
    """One trainer and one module; the id is the qualification's."""

    meta: ClassVar[dict[str, Any]] = {"collection": "entitlements"}
    INDEXES = (index("trainer_id"),)

    trainer_id = me.UUIDField(required=True, binary=True)
    module = me.StringField(required=True)
    valid_from = me.DateField(required=True)
    valid_to = me.DateField(required=True)
    ended_on = me.DateField()

    @classmethod
    def of(cls, trainer_id: UUID, module: str) -> Self | None:
        return cls.find(ids.derived("qualification", trainer_id, module))

    def covers(self, days: list[date]) -> bool:
        """Whether it is valid on every one of these days."""
        return all(self.valid_from <= day <= self.valid_to and not self._ended_by(day) for day in days)

    def _ended_by(self, day: date) -> bool:
        return self.ended_on is not None and day >= self.ended_on
