"""The provider of an enterprise, as enrollment said: the local copy that decides who sees and plans its visits.

The id is the enterprise's. Every planning of a visit and every change of provider writes this row, so that the store
makes them wait for each other: no visit is left with a provider who lost the enterprise, no two get one number.
"""

from __future__ import annotations

from typing import ClassVar

import mongoengine as me

from shared.domain.aggregate import StoredDocument
from shared.kernel.principal import Principal
from shared.storage.indexes import index
from shared.storage.row_scope import Scope, rows_for


class EnterpriseScope(StoredDocument):
    meta: ClassVar[dict[str, object]] = {"collection": "enterprise_scopes"}
    INDEXES = (index("provider_id"),)

    provider_id = me.UUIDField(binary=True)
    province = me.StringField()
    state = me.StringField(required=True, default="active", choices=("active", "withdrawn", "merged"))
    merged_into = me.UUIDField(binary=True)
    plannings = me.IntField(required=True, default=0)

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        return rows_for(principal, provider="provider_id", enterprise="_id")
