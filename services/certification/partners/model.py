"""Partner institutions, as enrollment's register said: to whom a trainer may belong. The id is the institution's."""

from __future__ import annotations

from typing import ClassVar

import mongoengine as me

from shared.domain.aggregate import StoredDocument
from shared.kernel.principal import Principal
from shared.storage.row_scope import Scope, rows_for


class Partner(StoredDocument):
    meta: ClassVar[dict[str, object]] = {"collection": "partners"}

    kind = me.StringField()
    suspended = me.BooleanField(required=True, default=False)

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        return rows_for(principal, provider="_id")
