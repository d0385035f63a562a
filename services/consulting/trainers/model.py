"""A trainer's certificate for a module, as certification said: the local copy by which planning a visit is judged."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import mongoengine as me

from shared.domain.aggregate import StoredDocument
from shared.kernel.principal import Principal
from shared.storage.row_scope import Scope


class CertifiedTrainer(StoredDocument):
    """One trainer and one module; the id is the qualification's."""

    meta: ClassVar[dict[str, object]] = {"collection": "certified_trainers"}

    trainer_id = me.UUIDField(required=True, binary=True)
    module = me.StringField(required=True)
    valid_from = me.DateField(required=True)
    valid_to = me.DateField(required=True)
    ended_on = me.DateField()

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        """Return no scope for anybody: only planning reads it."""
        del principal
        return None

    def covers(self, day: date) -> bool:
        """Say whether the certificate is valid on a day."""
        return self.valid_from <= day <= self.valid_to and (self.ended_on is None or day < self.ended_on)
