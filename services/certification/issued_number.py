"""Every certificate number that was ever given, so that none is given twice and an old one can still be looked up.

The id is derived from the number; the store refuses a second row. Numbers are compared in capitals.
"""

from __future__ import annotations

from typing import Any, ClassVar, Self
from uuid import UUID

import mongoengine as me

from shared.errors import Conflict
from shared.runtime import ids
from shared.runtime.context import Principal
from shared.storage.aggregate import StoredDocument
from shared.storage.scope import rows_for


class IssuedNumber(StoredDocument):
    meta: ClassVar[dict[str, Any]] = {"collection": "issued_numbers"}

    number = me.StringField(required=True)
    qualification_id = me.UUIDField(required=True, binary=True)

    @classmethod
    def row_scope(cls, principal: Principal) -> dict[str, Any] | None:
        return rows_for(principal)

    @classmethod
    def of(cls, number: str) -> Self | None:
        return cls.find(ids.derived("certificate-number", number.upper()))

    @classmethod
    def issue(cls, number: str, qualification_id: UUID) -> None:
        """Take a number, written in capitals; raises `Conflict` where it was given before."""
        if cls.of(number) is not None:
            raise Conflict(
                {"id": "Nomor sertifikat ini sudah dipakai.", "en": "This certificate number has been given already."}
            )
        cls(id=ids.derived("certificate-number", number), number=number, qualification_id=qualification_id).save()
