"""The outboxes of what travels on compacted topics: one row per thing, overwritten by each newer version, emptied by erasure.

Text travels only here, in parties and reference, and never in events. A row is marked as sent only if its version is still
the one that was sent; `pending_at` is there until then, and `answers` beside it names the requests for which it is sent again.

The broker compacts closed segments only, and closes one when a record comes after its time. On a quiet topic none comes, and
what was forgotten would stay readable for ever. So what replaces an earlier version is sent once more, when the segment that
holds the two is old enough to be closed (`closes_at`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

from pymongo import UpdateOne

from shared.contracts.catalogue import COMPACTED
from shared.contracts.parties import CONTACTS, Party
from shared.contracts.reference import REFERENCE
from shared.contracts.wire.codec import decode, encode
from shared.contracts.wire.compacted import CompactedTopics, Entry, Tombstone, entry_record
from shared.contracts.wire.record import MOST_ANSWERS
from shared.kernel import clock, failpoints, ids
from shared.kernel.clock import BEGINNING
from shared.kernel.context import current_trace
from shared.kernel.settings.current import settings
from shared.kernel.trace import next_span
from shared.messaging.outbox.events import SLICE, EventOutbox, Page, slices
from shared.messaging.outbox.relay_state import RelayState
from shared.messaging.ports import Acknowledged, Checkpoints, Outgoing
from shared.messaging.seals import with_answer_seal
from shared.storage import connection
from shared.storage.indexes import index
from shared.storage.transaction import current_batch, in_new_transaction

OUTBOXES: Final = {CONTACTS.prefix: "contact_outbox", REFERENCE.prefix: "reference_outbox"}
COLLECTIONS: Final = dict.fromkeys(
    OUTBOXES.values(), (index("pending_at", sparse=True), index("recorded_at"), index("closes_at", sparse=True))
)
IS_PENDING = {"pending_at": {"$exists": True}}


def publish_party(party: Party | Tombstone, *, new: bool = False) -> None:
    """Publish the newest state of a party, or that it was erased; part of the running transaction.

    `new` says that nothing was ever said of it, as of one that was made in this transaction.
    """
    _publish(CONTACTS, party, Party, new=new)


def publish_reference(entry: Entry, *, new: bool = False) -> None:
    """Publish the newest state of what others show; part of the running transaction, `new` as above."""
    _publish(REFERENCE, entry, type(entry), new=new)


def retract_reference(kind: type[Entry], key: UUID, version: int) -> None:
    """Have everybody forget what they show of a thing; part of the running transaction."""
    _publish(REFERENCE, Tombstone(key=key, version=version), kind, new=False)


def _publish(topics: CompactedTopics, said: Entry | Tombstone, kind: type[Entry], *, new: bool) -> None:
    now = clock.now()
    row = {
        "_id": said.key,
        "event_id": ids.new(),
        "type": kind.TYPE,
        "version": said.version,
        "body": None if isinstance(said, Tombstone) else encode(said).decode(),
        "recorded_at": now,
        "pending_at": now,
        "traceparent": next_span(current_trace().traceparent),
        **({} if new else {"closes_at": now + timedelta(milliseconds=settings().contacts_compaction_ms)}),
    }
    current_batch().replace(OUTBOXES[topics.prefix], row, new=new)


def close_segments() -> int:
    """Let the relay send once more what replaced an earlier version long enough ago; return how many rows that are."""

    def work(collection: str) -> int:
        rows, now = connection.database()[collection], clock.now()
        due = [
            row["_id"] for row in rows.find({"closes_at": {"$gte": BEGINNING, "$lte": now}}, {"_id": 1}).limit(SLICE)
        ]
        if due:
            again = {"$set": {"pending_at": now}, "$unset": {"closes_at": ""}}
            rows.update_many({"_id": {"$in": due}}, again)
        return len(due)

    return sum(in_new_transaction(partial(work, collection)) for collection in OUTBOXES.values())


def compacted_outboxes(owner: str, fence: Callable[[], int] = lambda: 0) -> list[CompactedOutbox]:
    """Return the outboxes of the compacted topics that a service owns; `fence` gives the token of the relay's lease."""
    return [CompactedOutbox(topics, owner, fence) for topics in COMPACTED if owner in topics.owners]


class CompactedOutbox:
    """The relay's port on what this service says on one compacted topic."""

    def __init__(self, topics: CompactedTopics, owner: str, fence: Callable[[], int] = lambda: 0) -> None:
        """`fence` gives the token of the lease under which this relay works."""
        self.topic, self.collection = topics.of(owner), OUTBOXES[topics.prefix]
        self._topics, self._owner = topics, owner
        self._state = RelayState(self.topic, fence)
        self.checkpoints, self.epoch = self._state.checkpoints, self._state.epoch

    def oldest_pending(self) -> datetime | None:
        row = self._rows().find_one(IS_PENDING, {"pending_at": 1}, sort=[("pending_at", 1)])
        return row["pending_at"] if row else None

    def pending(self, after: datetime, before: datetime, limit: int) -> list[Outgoing]:
        rows = self._rows().find({"pending_at": {"$gte": after, "$lt": before}}).sort("pending_at", 1).limit(limit)
        return [self._outgoing(row) for row in rows]

    def pending_count(self) -> int:
        count: int = self._rows().count_documents(IS_PENDING)
        return count

    def mark(self, sent: Sequence[Acknowledged], reached: Checkpoints) -> None:
        published = {"$unset": {"pending_at": "", "answers": ""}}
        marks = [UpdateOne({"_id": ack.record.key, "version": ack.record.sequence}, published) for ack in sent]

        def work() -> None:
            if marks:
                self._rows().bulk_write(marks, ordered=False)
            failpoints.hit("relay.in_mark", self.topic)
            self._state.reached(reached)

        in_new_transaction(work)

    def page_of(self, key: UUID | None, from_sequence: int, after: datetime | None, limit: int) -> Page:
        """Return a page of all things, or one thing: there is one row of each."""
        del from_sequence, after, limit
        return Page([row["_id"] for row in self._rows().find({} if key is None else {"_id": key}, {"_id": 1})])

    def send_again(self, rows: Sequence[UUID], answering: UUID | None = None) -> None:
        """Let the relay send these rows once more, and say which request they answer."""
        answer = {"$push": {"answers": {"$each": [answering], "$slice": -MOST_ANSWERS}}} if answering else {}
        self._make_pending([UpdateOne({"_id": key}, {"$set": {"pending_at": clock.now()}, **answer}) for key in rows])

    def reopen(self, since: datetime | None) -> int:
        sent = {"pending_at": {"$exists": False}, **({"recorded_at": {"$gte": since}} if since else {})}
        lost = list(self._rows().find(sent, {"recorded_at": 1}))
        reopened = self._make_pending([
            UpdateOne({"_id": row["_id"]}, {"$set": {"pending_at": row["recorded_at"]}}) for row in lost
        ])  # fmt: skip
        in_new_transaction(self._state.begin_epoch)
        return reopened

    def _make_pending(self, writes: Sequence[UpdateOne]) -> int:
        changed = 0
        for slice_ in slices(writes, SLICE):
            changed += in_new_transaction(partial(self._rows().bulk_write, slice_, ordered=False)).modified_count
        return changed

    def _outgoing(self, row: dict[str, Any]) -> Outgoing:
        body, kind = (
            row["body"],
            row.get("type", next(iter(self._topics.entries))),
        )  # rows of a former release are parties
        said = (
            decode(self._topics.entries[kind], body.encode())
            if body
            else Tombstone(key=row["_id"], version=row["version"])
        )
        record = entry_record(
            said, kind, owner=self._owner, event_id=row["event_id"], time=row["recorded_at"],
            traceparent=row["traceparent"], answers=row.get("answers", ()),
        )  # fmt: skip
        headers = with_answer_seal(self.topic, record.key, record.value, record.headers)
        return Outgoing(
            row["event_id"], self.topic, row["_id"], row["version"], headers, record.value, row["recorded_at"]
        )

    def _rows(self) -> Any:
        return connection.database()[self.collection]


AnyOutbox = EventOutbox | CompactedOutbox
