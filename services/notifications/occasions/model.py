"""A training or a visit as the last event about it said: the local copy from which calendars are written. It names nobody."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

import mongoengine as me

from shared.domain.aggregate import StoredDocument
from shared.kernel import ids
from shared.kernel.principal import Principal
from shared.storage.indexes import index
from shared.storage.row_scope import Scope, rows_for

GROUP = "notifications.occasions"


class KnownOccasion(StoredDocument):
    """The events of one training or visit come in their order, and each says everything: the last one is what holds."""

    meta: ClassVar[dict[str, object]] = {"collection": "occasions"}
    INDEXES = (index("generation"), index("provider_id", "last_day"), index("trainer_ids", "last_day"))

    generation = me.IntField(required=True)
    occasion_id = me.UUIDField(required=True, binary=True)
    sequence = me.IntField(required=True)
    module = me.StringField(required=True)
    visit_number = me.IntField()
    provider_id = me.UUIDField(required=True, binary=True)
    trainer_ids = me.ListField(me.UUIDField(binary=True))
    days = me.ListField(me.DateField(), required=True)
    last_day = me.DateField(required=True)
    zone = me.StringField(required=True)
    start_time = me.StringField()
    end_time = me.StringField()
    cancelled = me.BooleanField(required=True, default=False)
    said_at = me.DateTimeField(required=True)

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        return rows_for(principal, provider="provider_id", trainer="trainer_ids")

    @staticmethod
    def id_of(occasion_id: UUID, generation: int) -> UUID:
        return ids.derived("occasion", occasion_id, generation)
