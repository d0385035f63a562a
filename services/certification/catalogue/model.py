"""Which modules there are, as enrollment's catalogue said: what the grant form offers."""

from __future__ import annotations

from typing import Any, ClassVar

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
    def keep(cls, code: str) -> None:
        module_id = ids.derived("module", code)
        if cls.find(module_id) is None:
            cls(id=module_id, code=code).save()

    @classmethod
    def codes(cls) -> list[str]:
        return sorted(module.code for module in cls.objects)
