"""Series of numbers without gaps, counted in the transaction that issues: a provider's invoices of a year, and its credit
notes."""

from __future__ import annotations

from typing import ClassVar, Final
from uuid import UUID

import mongoengine as me

from shared.domain.aggregate import StoredDocument
from shared.kernel import ids

INVOICE: Final = "invoice"
CREDIT_NOTE: Final = "credit_note"
MARKS: Final = {INVOICE: "", CREDIT_NOTE: "CN"}


class Series(StoredDocument):
    meta: ClassVar[dict[str, object]] = {"collection": "series"}

    provider_id = me.UUIDField(required=True, binary=True)
    year = me.IntField(required=True)
    document = me.StringField(required=True, default=INVOICE)
    last = me.IntField(required=True, default=0)

    @staticmethod
    def id_of(provider_id: UUID, year: int, document: str = INVOICE) -> UUID:
        return ids.derived("series", provider_id, year, *([] if document == INVOICE else [document]))

    def next_number(self) -> str:
        """Return the next number, such as `2026/5C02E0/00017`: year, provider, running number; of a credit note
        `2026/5C02E0/CN00017`."""
        self.last += 1
        return f"{self.year}/{self.provider_id.hex[-6:].upper()}/{MARKS[self.document]}{self.last:05d}"
