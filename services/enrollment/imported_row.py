"""Which row of a spreadsheet made which entry, so that the same row again changes nothing.

The id is made of the kind, the provider and the row's natural key; `digest` says whether the content is still the same.
No caller ever sees these rows; those of a person go when the person is erased.
"""

from __future__ import annotations

import hashlib
from typing import Any, ClassVar
from uuid import UUID

import mongoengine as me
import orjson

from shared.runtime import ids
from shared.runtime.context import Principal, seeing_everything
from shared.storage.aggregate import StoredDocument
from shared.storage.indexes import index


class ImportedRow(StoredDocument):
    meta: ClassVar[dict[str, Any]] = {"collection": "imported_rows"}
    INDEXES = (index("made_id"),)

    made_id = me.UUIDField(required=True, binary=True)
    digest = me.StringField(required=True)

    @classmethod
    def row_scope(cls, principal: Principal) -> dict[str, Any] | None:
        del principal
        return None


def row_id(kind: str, owner: UUID | None, key: tuple[str, ...]) -> UUID:
    return ids.derived("imported", kind, owner, *key)


def digest_of(content: Any) -> str:
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS, default=str)).hexdigest()


def forget_rows_of(made_id: UUID) -> None:
    with seeing_everything():
        for row in ImportedRow.objects(made_id=made_id):
            row.delete()
