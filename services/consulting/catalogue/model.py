"""Which modules there are, as enrollment's catalogue said: a visit of a module that nobody knows would never count."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

import mongoengine as me

from shared.domain.aggregate import StoredDocument
from shared.kernel import ids
from shared.kernel.principal import Principal
from shared.storage.row_scope import Scope


class KnownModule(StoredDocument):
    meta: ClassVar[dict[str, object]] = {"collection": "known_modules"}

    code = me.StringField(required=True)

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        del principal
        return {}

    @staticmethod
    def id_of(code: str) -> UUID:
        return ids.derived("module", code)
