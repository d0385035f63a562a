"""An uploaded letter of commitment, kept under the hash of its content.

It is stored before the command that refers to it; what nothing refers to is swept. No caller sees these rows: a letter
is read through its enterprise.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any, ClassVar, Final, Self
from uuid import UUID

import mongoengine as me

from services.enrollment.errors import refused
from shared.domain.aggregate import StoredDocument
from shared.kernel import clock, ids
from shared.storage.indexes import index

# by the first bytes of the content, whatever the sender calls it
KINDS: Final = ((b"%PDF-", "application/pdf"), (b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))


class CommitmentLetter(StoredDocument):
    meta: ClassVar[dict[str, Any]] = {"collection": "commitment_letters"}
    INDEXES = (index("loose_since", sparse=True),)

    enterprise_id = me.UUIDField(required=True, binary=True)
    digest = me.StringField(required=True)
    media_type = me.StringField(required=True)
    content = me.BinaryField(required=True)
    uploaded_at = me.DateTimeField(required=True, default=clock.now)
    loose_since = me.DateTimeField()

    @classmethod
    def of(cls, enterprise_id: UUID, content: bytes) -> Self:
        """The letter with this content, new where the enterprise has none; refuses what is no PDF, JPEG or PNG."""
        media_type = next((name for start, name in KINDS if content.startswith(start)), None)
        if media_type is None:
            raise refused("", "letter-form")
        digest = hashlib.sha256(content).hexdigest()
        letter_id = ids.derived("letter", enterprise_id, digest)
        known = cls.find(letter_id)
        if known is not None:
            known.loose_since = known.loose_since and clock.now()
            return known
        return cls(
            id=letter_id,
            enterprise_id=enterprise_id,
            digest=digest,
            media_type=media_type,
            content=content,
            loose_since=clock.now(),
        )

    @classmethod
    def loose_before(cls, moment: datetime) -> list[Self]:
        """Letters that nothing has referred to since before a moment."""
        since = datetime.fromtimestamp(0, moment.tzinfo)
        return list(cls.objects(loose_since__gte=since, loose_since__lt=moment).exclude("content"))

    @property
    def size(self) -> int:
        return len(self.content)
