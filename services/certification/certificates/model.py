"""A certificate is a paper with a number, and no number is given twice.

An issued number's id is derived from the number; the store refuses a second row. Numbers are compared in capitals.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import UUID

import mongoengine as me

from shared.domain.aggregate import StoredDocument
from shared.kernel import ids
from shared.kernel.principal import Principal
from shared.storage.row_scope import Scope, rows_for


class IssuedNumber(StoredDocument):
    meta: ClassVar[dict[str, object]] = {"collection": "issued_numbers"}

    number = me.StringField(required=True)
    qualification_id = me.UUIDField(required=True, binary=True)

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        return rows_for(principal)

    @staticmethod
    def id_of(number: str) -> UUID:
        return ids.derived("certificate-number", number.upper())


class Certificate(me.EmbeddedDocument):  # type: ignore[misc]
    """A paper with a number. `standing` is what the programme last said of it; days pass by themselves."""

    number = me.StringField(required=True)
    valid_from = me.DateField(required=True)
    valid_to = me.DateField(required=True)
    historic = me.BooleanField(required=True, default=False)
    document_reference = me.StringField(required=True)
    standing = me.StringField(required=True, default="certified")
    reason = me.StringField()
    effective_on = me.DateField()

    @property
    def ended_on(self) -> date:
        """Return the last day on which it counted, or will."""
        last_day: date = self.valid_to
        return min(self.effective_on, last_day) if self.standing == "revoked" else last_day

    def status(self, today: date) -> str:
        """Return `valid`, `expired`, `suspended` or `revoked`, as anyone may know it."""
        if self.standing == "revoked":
            return "revoked"
        if self.valid_to < today:
            return "expired"
        return "valid" if self.standing == "certified" else str(self.standing)
