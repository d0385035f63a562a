"""Events and parties as the broker would hand them over, and a consumer group that takes them by the real delivery."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from shared.contracts.envelope import Envelope
from shared.contracts.event import Event, key_of, topic_of, type_of
from shared.contracts.parties import CONTACTS, Party
from shared.contracts.reference import REFERENCE
from shared.contracts.wire.compacted import Entry, Tombstone, entry_record
from shared.contracts.wire.record import ANSWERS_HEADER, Record
from shared.domain.outbox_rows import COLLECTION, envelope_of
from shared.kernel import clock, ids
from shared.messaging.inbox.parking import ParkingLot
from shared.messaging.inbox.policy import Result
from shared.messaging.inbox.runner import delivery_for
from shared.messaging.inbox.store import MongoInbox
from shared.messaging.ports import Incoming
from shared.messaging.seals import with_answer_seal
from shared.messaging.subscriptions import ConsumerGroup
from shared.storage import connection

STORY = ids.derived("tests", "story")
AHEAD = timedelta(minutes=1)  # so that a group that starts now hears what a test tells it


def records_of(events: Iterable[Event], start: int = 0) -> list[Incoming]:
    """In the order told, each numbered within its topic and key; ids depend on the events alone."""
    numbers: dict[tuple[str, UUID], int] = defaultdict(int)
    told = []
    for offset, event in enumerate(events, start):
        place = topic, key = topic_of(type(event)), key_of(event)
        numbers[place] += 1
        event_id = ids.derived("event", topic, type(event).__name__, key, numbers[place])
        record = Envelope.around(
            event, id=event_id, time=clock.now() + AHEAD, sequence=numbers[place], correlation_id=STORY
        ).record()
        told.append(Incoming(topic, 0, offset, record.key, record.headers, record.value))
    return told


def answering(record: Incoming, request: UUID) -> Incoming:
    """A record as its owner sends it in answer to a request."""
    named = [*record.headers, (ANSWERS_HEADER, str(request).encode())]
    return replace(record, headers=with_answer_seal(record.topic, record.key or b"", record.value, named))


def party_record(party: Party | Tombstone, **about: Any) -> Record:
    return entry_record(party, Party.TYPE, **about)


def party_records(
    owner: str, parties: Sequence[Party | Tombstone], start: int = 10_000, *, answers: Sequence[UUID] = ()
) -> list[Incoming]:
    told = []
    for offset, party in enumerate(parties, start):
        event_id = ids.derived("event", party.key, party.version)
        record = party_record(party, owner=owner, event_id=event_id, time=clock.now(), answers=answers)
        topic = CONTACTS.of(owner)
        headers = with_answer_seal(topic, record.key, record.value, record.headers)
        told.append(Incoming(topic, 0, offset, record.key, headers, record.value))
    return told


def reference_records(
    owner: str, entries: Sequence[Entry | Tombstone], kind: type[Entry], start: int = 40_000
) -> list[Incoming]:
    told = []
    for offset, entry in enumerate(entries, start):
        event_id = ids.derived("event", entry.key, entry.version)
        record = entry_record(entry, kind.TYPE, owner=owner, event_id=event_id, time=clock.now())
        told.append(Incoming(REFERENCE.of(owner), 0, offset, record.key, record.headers, record.value))
    return told


def key_of_record(record: Incoming) -> tuple[str, bytes | None]:
    return record.topic, record.key


class Group:
    """A consumer group of the connected service."""

    def __init__(self, consumer_group: ConsumerGroup) -> None:
        self.consumer_group = consumer_group
        self._delivery = delivery_for(consumer_group, MongoInbox(consumer_group.group, fence=consumer_group.fence))
        self._lot = ParkingLot(self._delivery)

    def hears(self, record: Incoming) -> bool:
        return record.topic in self.consumer_group.topics

    def take(self, records: Iterable[Incoming], batch: int = 7) -> list[Result]:
        """Deliver what the group's topics hold of it; nothing may stay parked."""
        heard = [record for record in records if self.hears(record)]
        results: list[Result] = []
        for place in range(0, len(heard), batch):
            results += self._delivery.deliver(self._delivery.decode(heard[place : place + batch]))
        self._lot.retry_due()
        parked = [
            f"{row['event_type']}: {row['detail']}"
            for row in connection.database()["parked"].find({"group": self.consumer_group.group})
        ]
        assert parked == [], parked
        return results


def events_said(kind: type[Event]) -> list[Event]:
    """What the connected service has said of this kind, oldest first."""
    rows = connection.database()[COLLECTION].find({"type": type_of(kind)})
    envelopes = sorted((envelope_of(row) for row in rows), key=lambda envelope: (envelope.time, envelope.sequence))
    return [event for envelope in envelopes if (event := envelope.event()) is not None]
