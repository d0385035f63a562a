"""Which modules there are, as enrollment's catalogue said: a visit of a module that nobody knows would never count."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import mongoengine as me

from shared.domain.aggregate import StoredDocument
from shared.kernel import ids
from shared.kernel.principal import Principal


class KnownModule(StoredDocument):
    meta: ClassVar[dict[str, Any]] = {"collection": "known_modules"}

    code = me.StringField(required=True)

    @classmethod
    def row_scope(cls, principal: Principal) -> dict[str, Any] | None:
        del principal
        return {}

    @classmethod
    def of(cls, code: str) -> Self | None:
        return cls.find(ids.derived("module", code))

    @classmethod
    def codes(cls) -> list[str]:
        return sorted(module.code for module in cls.objects)
