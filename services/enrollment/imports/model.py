"""Which row of a spreadsheet made which entry, so that the same row again changes nothing.

The id is made of the kind, the provider and the row's natural key; `digest` says whether the content is still the same.
Both by key (`kinds`), since a row holds names, addresses and tax numbers. No caller ever sees these rows; those of a
person go when the person is erased.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, Self
from uuid import UUID

import mongoengine as me

from shared.domain.aggregate import Aggregate, StoredDocument
from shared.domain.lifecycle import Lifecycle, allow
from shared.domain.sealing import Sealed, SealingKeys, opened, sealed
from shared.kernel.principal import Principal
from shared.kernel.trace import Trace
from shared.storage.indexes import index
from shared.storage.row_scope import Scope, rows_for


class ImportedRow(StoredDocument):
    meta: ClassVar[dict[str, object]] = {"collection": "imported_rows"}
    INDEXES = (index("made_id"), index("import_id", sparse=True))

    made_id = me.UUIDField(required=True, binary=True)
    import_id = me.UUIDField(binary=True)
    digest = me.BinaryField(required=True)

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        del principal
        return None


class RowError(me.EmbeddedDocument):  # type: ignore[misc]
    """One thing that is wrong with a row, in the language of whoever sent the file; the cell's text lies sealed, for a while."""

    row = me.IntField()
    column = me.StringField(required=True, default="")
    value = me.EmbeddedDocumentField(Sealed)
    code = me.StringField(required=True)
    detail = me.StringField(required=True)


class Import(Aggregate):
    meta: ClassVar[dict[str, object]] = {"collection": "imports"}
    INDEXES = (
        index("institution_id", "created_at"),
        index("institution_id", "updated_at"),
        index("created_at"),
        index("updated_at"),
        index("state", "created_at"),
        index("kept_since", sparse=True),
    )
    LIFECYCLE = Lifecycle(
        "waiting",
        {
            "work": allow("waiting", "working", to="working"),
            "finish": allow("waiting", "working", to="done"),
            "give_up": allow("waiting", "working", to="failed"),
        },
    )

    kind = me.StringField(required=True)
    dry_run = me.BooleanField(required=True)
    media_type = me.StringField(required=True)
    language = me.StringField(required=True)
    institution_id = me.UUIDField(binary=True)
    subject = me.StringField(required=True)
    issuer = me.StringField(required=True)
    role = me.StringField(required=True)
    correlation_id = me.UUIDField(required=True, binary=True)
    traceparent = me.StringField(required=True)
    position = me.IntField(required=True, default=0)
    rows_read = me.IntField(required=True, default=0)
    made = me.IntField(required=True, default=0)
    unchanged = me.IntField(required=True, default=0)
    failed = me.IntField(required=True, default=0)
    errors = me.EmbeddedDocumentListField(RowError)
    error_count = me.IntField(required=True, default=0)
    attempts = me.IntField(required=True, default=0)
    ended_at = me.DateTimeField()
    kept_since = me.DateTimeField()
    state = me.StringField(required=True, default="waiting")

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        return rows_for(principal, provider="institution_id")

    @property
    def sender(self) -> Principal:
        """Return on whose behalf the rows are taken."""
        return Principal(subject=self.subject, role=self.role, issuer=self.issuer, institution=self.institution_id)

    @property
    def trace(self) -> Trace:
        return Trace(correlation_id=self.correlation_id, traceparent=self.traceparent)

    def preview(self, errors: Sequence[RowError], *, most_errors: int) -> None:
        """Note what can be said before the first row is taken; taking the rows says it again."""
        self._note(errors, most_errors)

    def begin_turn(self, *, blameless: bool) -> None:
        """Start a turn; one that ends well sets the count of attempts back, and one that the file is not to blame for does not
        count."""
        if self.position == 0:
            self.errors, self.error_count = [], 0
        self.transition("work")
        self.attempts += 0 if blameless else 1

    def advance(
        self, position: int, *, made: int, unchanged: int, errors: Sequence[RowError], most_errors: int
    ) -> None:
        failed = len({error.row for error in errors})
        self.position, self.attempts = position, 0
        self.made += made
        self.unchanged += unchanged
        self.failed += failed
        self.rows_read += made + unchanged + failed
        self._note(errors, most_errors)

    def finish(self, now: datetime) -> None:
        self.transition("finish")
        self.ended_at = self.kept_since = now

    def break_off(self, error: RowError, now: datetime, *, most_errors: int) -> None:
        """End it before its last row: the rest of the file cannot be read."""
        self._note([error], most_errors)
        self.transition("give_up")
        self.ended_at = self.kept_since = now

    def forget(self) -> None:
        """Forget what stood in the cells; row, column and what was wrong stay."""
        for error in self.errors:
            error.value = None
        self.kept_since = None

    def _note(self, errors: Sequence[RowError], most_errors: int) -> None:
        """Keep the first errors, as many as are kept, and count them all."""
        room = most_errors - len(self.errors)
        self.errors += list(errors)[: max(room, 0)]
        self.error_count += len(errors)


class ImportFile(StoredDocument):
    """The upload of an import, under the import's id. Personal data: sealed while it waits, gone with its last row, or some
    hours after it was only checked."""

    meta: ClassVar[dict[str, object]] = {"collection": "import_files"}

    content = me.EmbeddedDocumentField(Sealed, required=True)

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        del principal
        return None

    @classmethod
    def holding(cls, data: bytes, import_id: UUID, keys: SealingKeys) -> Self:
        return cls(id=import_id, content=sealed(data, import_id, keys))

    def data(self, keys: SealingKeys) -> bytes:
        return opened(self.content, self.id, keys)
