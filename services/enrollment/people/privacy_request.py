"""A person's request about their own data, and until when it must be answered (UU 27/2022; deadlines are settings)."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

import mongoengine as me

from shared.domain.aggregate import Aggregate
from shared.domain.lifecycle import Lifecycle, allow
from shared.kernel.principal import Principal
from shared.storage.indexes import by_time, index
from shared.storage.row_scope import Scope, rows_for

KINDS: Final = ("withdrawal", "restriction", "correction", "access", "erasure")
CHANNELS: Final = ("in_person", "letter", "email", "phone", "other")


class PrivacyRequest(Aggregate):
    meta: ClassVar[dict[str, object]] = {"collection": "privacy_requests"}
    INDEXES = (
        *by_time(),
        index("provider_id", "due_at"),
        index("due_at"),
        index("state", "due_at"),
        index("participant_id", "state"),
    )
    LIFECYCLE = Lifecycle("open", {"complete": allow("open", to="done"), "refuse": allow("open", to="refused")})

    participant_id = me.UUIDField(required=True, binary=True)
    enterprise_id = me.UUIDField(required=True, binary=True)
    provider_id = me.UUIDField(required=True, binary=True)
    kind = me.StringField(required=True)
    channel = me.StringField(required=True)
    purposes = me.ListField(me.StringField())
    received_at = me.DateTimeField(required=True)
    due_at = me.DateTimeField(required=True)
    overdue = me.BooleanField(required=True, default=False)
    closed_at = me.DateTimeField()
    closed_by = me.UUIDField(binary=True)
    reason = me.StringField()
    state = me.StringField(required=True, default="open")

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        return rows_for(principal, provider="provider_id")

    def complete(self, *, by: UUID, at: datetime) -> None:
        self._close("complete", by, at)

    def refuse(self, reason: str, *, by: UUID, at: datetime) -> None:
        self._close("refuse", by, at)
        self.reason = reason

    def is_late(self, now: datetime) -> bool:
        return bool(self.state == "open" and now > self.due_at)

    def _close(self, verb: str, by: UUID, at: datetime) -> None:
        self.transition(verb)
        self.closed_at, self.closed_by, self.overdue = at, by, False
