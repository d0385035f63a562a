"""Documents and aggregates. Saving an aggregate writes its events: there is no publish to forget.

`version` rises with every save (optimistic lock, ETag); `sequence` rises with every event and is gapless per aggregate. A
save whose version was overtaken raises `StaleVersion`; saving outside a transaction is refused.
"""

from __future__ import annotations

from typing import Any, ClassVar, Self
from uuid import UUID

import mongoengine as me
from mongoengine.errors import SaveConditionError

from shared.domain.errors import NotFound, StaleVersion
from shared.domain.lifecycle import Lifecycle
from shared.domain.outbox_rows import add as add_event
from shared.kernel import clock, ids
from shared.kernel.context import unscoped
from shared.kernel.principal import Principal
from shared.storage.row_scope import Scope, ScopedQuerySet
from shared.storage.transaction import OutsideTransaction, current_batch
from shared.storage.write_batch import WriteBatch


class StoredDocument(me.Document):  # type: ignore[misc]
    """A row of one service: its id, its scope and its indexes, which only `migrate` makes."""

    meta: ClassVar[dict[str, Any]] = {
        "abstract": True,
        "auto_create_index": False,
        "index_cls": False,
        "queryset_class": ScopedQuerySet,
    }
    INDEXES: ClassVar[tuple[Any, ...]] = ()
    objects: ClassVar[ScopedQuerySet]

    id = me.UUIDField(primary_key=True, binary=True, default=ids.new)

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        """Return which rows a principal may see: none, unless a document says otherwise."""
        del principal
        return None

    @classmethod
    def find(cls, row_id: UUID) -> Self | None:
        return cls.objects(id=row_id).first()  # type: ignore[no-any-return]

    @classmethod
    def get(cls, row_id: UUID) -> Self:
        """Return the row, or raise `NotFound`: the same for an unknown id and for one outside the principal's scope."""
        row = cls.find(row_id)
        if row is None:
            raise NotFound(cls._class_name, row_id)
        return row

    def save(self, **options: Any) -> Self:
        current_batch()
        if self._created:
            options.setdefault("force_insert", True)
        super().save(**options)
        return self

    def delete(self, **options: Any) -> None:
        """Delete the row. As with saving, whoever holds it has read it: the scope was asked then."""
        with unscoped("whoever holds a row has read it"):
            super().delete(**options)


class Aggregate(StoredDocument):
    """The unit of consistency: rules, version, events."""

    meta: ClassVar[dict[str, Any]] = {"abstract": True}
    LIFECYCLE: ClassVar[Lifecycle | None] = None

    version = me.IntField(required=True, default=0)
    sequence = me.IntField(required=True, default=0)
    created_at = me.DateTimeField(required=True, default=clock.now)
    updated_at = me.DateTimeField(required=True, default=clock.now)

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self._events: list[Any] = []
        self._saved_in: WriteBatch | None = None

    def record(self, event: Any) -> None:
        """Say that something happened; it is written when the aggregate is saved."""
        self._events.append(event)

    def transition(self, verb: str) -> None:
        """Take a step of the lifecycle, or raise `NotAllowedNow`."""
        if self.LIFECYCLE is None:
            raise TypeError(f"{type(self).__name__} has no lifecycle")
        row: Any = self
        row.state = self.LIFECYCLE.after(row.state, verb)

    def snapshot(self) -> dict[str, Any]:
        """Return what would be stored, by which a correction finds out that it changes nothing."""
        return {name: value for name, value in self.to_mongo().items() if value is not None}

    def save(self, **options: Any) -> Self:
        expected = self._number_events()
        if not self._created:
            options["save_condition"] = {"version": expected}
        try:
            return super().save(**options)
        except SaveConditionError:
            raise StaleVersion(type(self).__name__, self.id, expected) from None

    def insert(self) -> Self:
        """Save a new row that nobody reads before the commit: it goes with what the transaction collects."""
        self._number_events()
        self.validate()
        current_batch().add(self._meta["collection"], self.to_mongo())
        self._created = False  # saved once more in this transaction, it is not found there and refused
        return self

    def collect(self) -> Self:
        """Save a row that this transaction has read and nobody reads again before the commit: it goes with what is collected.

        Whoever changed it since then is noticed by the store, as a conflict of two transactions.
        """
        self._number_events()
        self.validate()
        current_batch().replace(self._meta["collection"], self.to_mongo())
        return self

    def _number_events(self) -> int:
        """Count the version up and hand over the events; returns the version before."""
        batch = current_batch()
        if self._saved_in not in (None, batch):
            # its events went with the transaction that was rolled back, its version may never have been stored
            raise OutsideTransaction(
                f"{type(self).__name__} {self.id} was saved in an earlier transaction; load it again"
            )
        self._saved_in = batch
        expected = self.version
        self.version = expected + 1
        self.updated_at = clock.now()
        for event in self._events:
            self.sequence += 1
            add_event(batch, event, aggregate_id=self.id, sequence=self.sequence)
        self._events = []
        return expected  # type: ignore[no-any-return]
