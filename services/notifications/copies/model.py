"""What a letter said, and which mails have to go from the mailbox of the embedded run. The id is the letter's.

The copy lies sealed, since it holds a name and an address. The links that only their person may use are not in it.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self
from uuid import UUID

import mongoengine as me
import orjson

from shared.domain.aggregate import StoredDocument
from shared.domain.sealing import Sealed, SealingKeys, opened, sealed
from shared.kernel.principal import Principal
from shared.storage.indexes import index
from shared.storage.row_scope import Scope


@dataclass(frozen=True, slots=True)
class Content:
    """A mail as its reader sees it."""

    headers: list[tuple[str, str]]
    text: str
    html: str


class SentCopy(StoredDocument):
    meta: ClassVar[dict[str, object]] = {"collection": "sent_copies"}
    INDEXES = (index("recipient_id"), index("kept_at"))

    recipient_id = me.UUIDField(required=True, binary=True)
    kept_at = me.DateTimeField(required=True)
    sealed = me.EmbeddedDocumentField(Sealed, required=True)

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        """Return no scope for anybody: who may see the letter may see its copy."""
        del principal
        return None

    @classmethod
    def of(cls, letter_id: UUID, recipient_id: UUID, content: Content, now: datetime, keys: SealingKeys) -> Self:
        packed = zlib.compress(orjson.dumps(content), 1)
        return cls(id=letter_id, recipient_id=recipient_id, kept_at=now, sealed=sealed(packed, letter_id, keys))

    def content(self, keys: SealingKeys) -> Content:
        kept = orjson.loads(zlib.decompress(opened(self.sealed, self.id, keys)))
        return Content([(name, value) for name, value in kept["headers"]], kept["text"], kept["html"])


class MailToRemove(StoredDocument):
    meta: ClassVar[dict[str, object]] = {"collection": "mails_to_remove"}

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        del principal
        return None
