"""A partner institution: the programme's register of who works with whom."""

from __future__ import annotations

from typing import Any, ClassVar

import mongoengine as me

from shared.contracts.contacts import Party
from shared.contracts.enrollment import InstitutionRegistered, InstitutionSuspended
from shared.runtime.context import Principal
from shared.storage.aggregate import Aggregate
from shared.storage.indexes import index
from shared.storage.lifecycle import Lifecycle, step
from shared.storage.scope import rows_for


class Institution(Aggregate):
    meta: ClassVar[dict[str, Any]] = {"collection": "institutions"}
    INDEXES = (index("created_at"), index("kind"))
    LIFECYCLE = Lifecycle("active", {"suspend": step("active", to="suspended")})

    kind = me.StringField(required=True)
    name = me.StringField(required=True)
    province = me.StringField(required=True)
    language = me.StringField(required=True, default="id")
    email = me.StringField()
    phone = me.StringField()
    state = me.StringField(required=True, default="active")

    @classmethod
    def row_scope(cls, principal: Principal) -> dict[str, Any] | None:
        return rows_for(principal, provider="_id", finance="_id")

    def register(self) -> None:
        self.record(InstitutionRegistered(institution_id=self.id, kind=self.kind, province=self.province))

    def suspend(self, reason: str) -> None:
        self.move("suspend")
        self.record(InstitutionSuspended(institution_id=self.id, reason=reason))

    def party(self) -> Party:
        return Party(
            party_id=self.id,
            version=self.version,
            kind="institution",
            name=self.name,
            roles=("contact", "billing"),
            email=self.email,
            phone=self.phone,
            language=self.language,
            province=self.province,
        )
