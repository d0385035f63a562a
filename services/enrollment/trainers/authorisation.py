"""The copy of certification's word that a candidate may lead a module under an expert for a time."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import UUID

import mongoengine as me

from shared.domain.aggregate import StoredDocument
from shared.kernel.principal import Principal
from shared.storage.row_scope import Scope


class Authorisation(StoredDocument):
    """One candidate and one module; the id is the qualification's, the newest authorisation stands."""

    meta: ClassVar[dict[str, object]] = {"collection": "authorisations"}

    trainer_id = me.UUIDField(required=True, binary=True)
    module = me.StringField(required=True)
    expert_id = me.UUIDField(required=True, binary=True)
    valid_from = me.DateField(required=True)
    valid_to = me.DateField(required=True)

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        """Return no scope for anybody: only scheduling reads it."""
        del principal
        return None

    def uncovered(self, days: list[date], expert_id: UUID | None) -> list[date]:
        """Return the days on which the candidate may not lead under this expert."""
        if self.expert_id != expert_id:
            return list(days)
        return [day for day in days if not self.valid_from <= day <= self.valid_to]
