"""A series of invoice numbers without gaps: one per provider and year, counted in the transaction that issues."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

import mongoengine as me

from shared.domain.aggregate import StoredDocument
from shared.kernel import ids


class Series(StoredDocument):
    meta: ClassVar[dict[str, object]] = {"collection": "series"}

    provider_id = me.UUIDField(required=True, binary=True)
    year = me.IntField(required=True)
    last = me.IntField(required=True, default=0)

    @staticmethod
    def id_of(provider_id: UUID, year: int) -> UUID:
        return ids.derived("series", provider_id, year)

    def next_number(self) -> str:
        """Return the next number, such as `2026/5C02E0/00017`: year, provider, running number."""
        self.last += 1
        return f"{self.year}/{self.provider_id.hex[-6:].upper()}/{self.last:05d}"
