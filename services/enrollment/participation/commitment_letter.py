"""An uploaded letter of commitment, kept under the hash of its content.

It is stored before the command that refers to it; what nothing refers to is swept. No caller sees these rows: a letter
is read through its enterprise.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import ClassVar, Final, Self
from uuid import UUID

import mongoengine as me

from services.enrollment.errors import refused
from services.enrollment.participation.errors import LETTER_FORM
from shared.domain.aggregate import StoredDocument
from shared.kernel import ids
from shared.storage.indexes import index

# by the first bytes of the content, whatever the sender calls it
KINDS: Final = ((b"%PDF-", "application/pdf"), (b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))
MEDIA_TYPES: Final = tuple(media_type for _, media_type in KINDS)


class CommitmentLetter(StoredDocument):
    meta: ClassVar[dict[str, object]] = {"collection": "commitment_letters"}
    INDEXES = (index("loose_since", sparse=True), index("loose_for", sparse=True))

    enterprise_id = me.UUIDField(required=True, binary=True)
    digest = me.StringField(required=True)
    media_type = me.StringField(required=True)
    content = me.BinaryField(required=True)
    uploaded_at = me.DateTimeField(required=True)
    loose_since = me.DateTimeField()
    loose_for = me.UUIDField(binary=True)

    @classmethod
    def uploaded(cls, enterprise_id: UUID, content: bytes, at: datetime, *, sender: UUID) -> Self:
        """Return a letter that nothing refers to yet, and that counts to its sender; refuse what is no PDF, JPEG or PNG."""
        media_type = next((name for start, name in KINDS if content.startswith(start)), None)
        if media_type is None:
            raise refused("", LETTER_FORM)
        digest = hashlib.sha256(content).hexdigest()
        return cls(
            id=ids.derived("letter", enterprise_id, digest),
            enterprise_id=enterprise_id,
            digest=digest,
            media_type=media_type,
            content=content,
            uploaded_at=at,
            loose_since=at,
            loose_for=sender,
        )

    def hold(self) -> None:
        """Note that something refers to it."""
        self.loose_since = self.loose_for = None

    def upload_again(self, at: datetime) -> None:
        """Count from now on the time for which nothing refers to it."""
        self.loose_since = self.loose_since and at

    @property
    def size(self) -> int:
        return len(self.content)
