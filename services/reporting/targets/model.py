"""A target of the results framework, with everything it ever was."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

import mongoengine as me

from services.reporting.roles import READERS
from services.reporting.targets.errors import TOLD_IN_WORDS
from shared.contracts.events.reporting import TargetChanged
from shared.contracts.values import Quantity
from shared.domain.aggregate import Aggregate
from shared.domain.errors import Invalid
from shared.kernel import ids
from shared.kernel.principal import Principal
from shared.storage.indexes import index, unique
from shared.storage.row_scope import Scope

ESTABLISHED = "established"


class Change(me.EmbeddedDocument):  # type: ignore[misc]
    """One change of a target. `changed_by` is a pseudonym."""

    number = me.IntField()
    reason = me.StringField(required=True)
    valid_from = me.DateField(required=True)
    changed_by = me.UUIDField(required=True, binary=True)


class Target(Aggregate):
    """`number` is null for a milestone that is told in words; `comparator` is `at_least` where the programme said so."""

    meta: ClassVar[dict[str, object]] = {"collection": "targets"}
    INDEXES = (unique("code"), index("position"))

    code = me.StringField(required=True)
    position = me.IntField(required=True)
    names = me.DictField(required=True)
    unit = me.StringField(required=True)
    comparator = me.StringField(required=True)
    number = me.IntField()
    due = me.DateField(required=True)
    note = me.DictField()
    history = me.EmbeddedDocumentListField(Change)

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        return {} if principal.role in READERS else None

    @staticmethod
    def id_of(code: str) -> UUID:
        return ids.derived("target", code)

    def establish(self, valid_from: date, *, by: UUID) -> None:
        """Note the number that the programme set out with."""
        self._note(self.number, None, ESTABLISHED, valid_from, by)

    def change(self, number: int, reason: str, valid_from: date, *, by: UUID) -> bool:
        """Set another number; false when it is the same one. A milestone told in words takes none."""
        if self.number is None:
            raise Invalid(errors=[TOLD_IN_WORDS.at("/number")])
        if number == self.number:
            return False
        previous, self.number = self.number, number
        self._note(number, previous, reason, valid_from, by)
        return True

    def _note(self, number: int | None, previous: int | None, reason: str, valid_from: date, by: UUID) -> None:
        self.history.append(Change(number=number, reason=reason, valid_from=valid_from, changed_by=by))
        if number is None:
            return
        self.record(
            TargetChanged(
                target_id=self.id,
                indicator=self.code,
                unit=self.unit,
                value=Quantity.of(Decimal(number)),
                previous=None if previous is None else Quantity.of(Decimal(previous)),
                valid_from=valid_from,
                reason=reason,
            )
        )
