"""The outbox of parties: one row per party, overwritten by each newer version, emptied by erasure.

Parties are personal data: they travel only here, on the owner's compacted topic, and never in facts. A row is marked as
sent only if its version is still the one that was sent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pymongo import UpdateOne

from shared.contracts.contacts import Erased, Party, contacts_topic, party_record
from shared.contracts.schema import decode, encode
from shared.messaging.outbox import FactOutbox, Page
from shared.messaging.ports import Acknowledged, Outgoing
from shared.runtime import clock, ids
from shared.runtime.context import current_trace, next_span
from shared.storage import connection
from shared.storage.indexes import index
from shared.storage.transaction import current_unit

COLLECTION = "contact_outbox"
COLLECTIONS = {COLLECTION: (index("pending_at", sparse=True), index("event_id"))}


def tell(party: Party | Erased) -> None:
    """Say the newest state of a party, or that it was erased; part of the running transaction."""
    current_unit()
    now = clock.now()
    row = {
        "event_id": ids.new(),
        "version": party.version,
        "body": encode(party).decode() if isinstance(party, Party) else None,
        "recorded_at": now,
        "pending_at": now,
        "traceparent": next_span(current_trace().traceparent),
    }
    connection.database()[COLLECTION].replace_one({"_id": party.party_id}, row, upsert=True)


class ContactOutbox(FactOutbox):
    """The relay's port on this service's parties."""

    collection = COLLECTION

    def __init__(self, owner: str, fence: Callable[[], int] = lambda: 0) -> None:
        super().__init__(contacts_topic(owner), fence)
        self._owner = owner

    def outgoing(self, row: dict[str, Any]) -> Outgoing:
        body = row["body"]
        party = decode(Party, body.encode()) if body else Erased(party_id=row["_id"], version=row["version"])
        record = party_record(
            party, owner=self._owner, event_id=row["event_id"], time=row["recorded_at"], traceparent=row["traceparent"]
        )
        return Outgoing(
            row["event_id"], self.topic, row["_id"], row["version"], record.headers, record.value, row["recorded_at"]
        )

    def page_of(self, key: UUID | None, from_sequence: int, after: datetime | None, limit: int) -> Page:
        """All parties, or one: there is one row of each."""
        del from_sequence, after, limit
        return Page([row["_id"] for row in self._rows().find({} if key is None else {"_id": key}, {"_id": 1})])

    def _mark_rows(self, sent: Sequence[Acknowledged], at: datetime) -> None:
        published = {"$set": {"published_at": at}, "$unset": {"pending_at": ""}}
        self._rows().bulk_write(
            [UpdateOne({"_id": ack.record.key, "version": ack.record.sequence}, published) for ack in sent],
            ordered=False,
        )
