"""A consumer with exactly one effect per event, beside a bare poll loop, its own event-by-event mode, and FastStream.

The records are in the topic before; each measurement is a new group that reads them from the beginning. Timing starts
with the first record that arrives, so joining the group counts for nobody. The first records of a partition, which a
group takes one by one after an assignment, are left out: this is the steady state.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from pymongo.database import Database

from bench import ground
from bench.baselines import bare_poll, faststream_home
from bench.figures import Finding, Series, at_least, in_turn, ratios
from shared.contracts.envelope import Envelope
from shared.contracts.event import Event
from shared.contracts.events.enrollment import InstitutionRegistered, InstitutionSuspended
from shared.kernel.settings.current import settings
from shared.messaging.bookmarks import Bookmark, Place, read_on
from shared.messaging.inbox.delivery import Delivery
from shared.messaging.inbox.runner import delivery_for
from shared.messaging.inbox.store import MongoInbox
from shared.messaging.kafka.cluster import physical
from shared.messaging.kafka.consumer import GroupConsumer
from shared.messaging.kafka.producer import KafkaLog
from shared.messaging.kafka.topics import Topics
from shared.messaging.outbox.events import outgoing_of
from shared.messaging.subscriptions import ConsumerGroup
from shared.storage import connection
from shared.storage.transaction import current_batch
from tests.support.engines import Engines

RECORDS = 2_000
ONE_BY_ONE = 250
PER_KEY = 10
OF_BARE, OF_ONE_BY_ONE, OF_ONE_BY_ONE_FOLDED = 0.35, 2.5, 5.0
EFFECTS, BARE_EFFECTS = "bench_effects", "bench_bare_effects"
THEIR_EFFECTS, THEIR_INBOX = "bench_faststream_effects", "bench_faststream_inbox"
NOT_INSTALLED = "not measured: faststream is not installed"
_groups = itertools.count()


def measure() -> list[Finding]:
    return [
        *_measure("one event per key", 1, OF_ONE_BY_ONE),
        *_measure(f"{PER_KEY} events per key", PER_KEY, OF_ONE_BY_ONE_FOLDED),
    ]


def _measure(shape: str, per_key: int, floor: float) -> list[Finding]:
    collections = (EFFECTS, BARE_EFFECTS, THEIR_EFFECTS, THEIR_INBOX)
    with ground.engines() as running, ground.store("bench", *collections) as database:
        _fill_topic(per_key)
        measures: list[Callable[[], float]] = [
            lambda: _bare(running.broker_address, database),
            lambda: _ours(RECORDS, one_by_one=False),
            lambda: _ours(ONE_BY_ONE, one_by_one=True),
        ]
        if faststream_home.is_installed():
            measures.append(lambda: _theirs(running, database))
        bare, together, alone, *theirs = in_turn(*measures)
        if theirs:
            _require_inbox(running, database)
    return [
        at_least(f"consumer, {shape}, beside a bare poll loop", together, bare, "/s", OF_BARE),
        at_least(f"consumer, {shape}, beside itself event by event", together, alone, "/s", floor),
        _beside_theirs(f"consumer, {shape}, beside FastStream with an inbox", together, theirs),
    ]


def _beside_theirs(what: str, ours: Series, theirs: Sequence[Series]) -> Finding:
    if not theirs:
        return Finding(what, ours.words("/s"), NOT_INSTALLED)
    return Finding(what, ours.words("/s"), theirs[0].words("/s"), ratios(ours, theirs[0]).words("x", 2))


def _fill_topic(per_key: int) -> None:
    topics, log = Topics(), KafkaLog("bench-fill")
    topics.create([ground.TOPIC], [])
    topics.close()
    log.publish([outgoing_of(row) for row in ground.rows(RECORDS, per_key=per_key)])
    log.close()


def _bare(address: str, database: Database[dict[str, Any]]) -> float:
    database[BARE_EFFECTS].delete_many({})
    group = physical(f"bare-{next(_groups)}")
    consumer = bare_poll.open_consumer(address, physical(ground.TOPIC), group, settings().batch_events)
    try:
        rate = bare_poll.records_per_second(consumer, database, BARE_EFFECTS, RECORDS)
    finally:
        consumer.close(autocommit=False)
    _require_effects(BARE_EFFECTS, RECORDS)
    return rate


def _theirs(running: Engines, database: Database[dict[str, Any]]) -> float:
    for name in (THEIR_EFFECTS, THEIR_INBOX):
        database[name].delete_many({})
    rate = _run_theirs(running, database)
    _require_effects(THEIR_EFFECTS, RECORDS)
    return rate


def _require_inbox(running: Engines, database: Database[dict[str, Any]]) -> None:
    """Their guarantee is real only if a group that reads everything once more changes nothing."""
    _run_theirs(running, database)
    _require_effects(THEIR_EFFECTS, RECORDS)


def _run_theirs(running: Engines, database: Database[dict[str, Any]]) -> float:
    return faststream_home.events_per_second({
        "kafka": running.broker_address,
        "topic": physical(ground.TOPIC),
        "group": physical(f"faststream-{next(_groups)}"),
        "mongo": running.store_url,
        "database": database.name,
        "effects": THEIR_EFFECTS,
        "inbox": THEIR_INBOX,
        "batch": settings().batch_events,
        "count": RECORDS,
    })  # fmt: skip


def _ours(count: int, *, one_by_one: bool) -> float:
    connection.database()[EFFECTS].delete_many({})
    group = f"bench.group{next(_groups)}"
    delivery = delivery_for(upserting(group), MongoInbox(group))
    consumer = GroupConsumer(group, [ground.TOPIC], "bench")
    try:
        return _consumed_per_second(consumer, delivery, count, one_by_one=one_by_one)
    finally:
        consumer.close()


def _consumed_per_second(consumer: GroupConsumer, delivery: Delivery, count: int, *, one_by_one: bool) -> float:
    """The consumer's own loop without its looking around: poll, deliver, commit."""
    done, began = 0, 0.0
    bookmarks: dict[Place, Bookmark] = {}
    while done < count:
        records = consumer.poll()
        if not records:
            continue
        began = began or time.perf_counter()
        decoded = delivery.decode(records)
        results = [delivery.deliver([event])[0] for event in decoded] if one_by_one else delivery.deliver(decoded)
        if set(results) != {"applied"}:
            raise RuntimeError(f"not every record was applied: {sorted(set(results))}")
        moved, _ = read_on(records, bookmarks)
        bookmarks.update(moved)
        consumer.commit(moved)
        done += len(records)
    rate = done / (time.perf_counter() - began)
    _require_effects(EFFECTS, done)
    return rate


@dataclass(slots=True)
class Effect:
    """The row of one key, as a projection holds it through a transaction."""

    stored: dict[str, Any]

    @classmethod
    def of(cls, key: UUID) -> Effect:
        return cls(connection.database()[EFFECTS].find_one({"_id": key}) or {"_id": key, "seen": 0})

    def row(self) -> dict[str, Any]:
        return self.stored


def _effect_of(found: Mapping[UUID, Effect], key: UUID) -> Effect:
    return found.get(key) or Effect({"_id": key, "seen": 0})


def upserting(group: str) -> ConsumerGroup:
    """A group whose handler keeps one row per key, as the bare loop does."""
    consumer_group = ConsumerGroup(group)

    def upsert(event: InstitutionRegistered | InstitutionSuspended, about: Envelope) -> None:
        key: UUID = event.institution_id
        state = {"state": about.type, "province": getattr(event, "province", None)}
        effect = current_batch().load_once(EFFECTS, key, lambda: Effect.of(key))
        effect.stored |= {"state": state, "seen": effect.stored["seen"] + 1}

    @consumer_group.prefetch
    def load(coming: Sequence[tuple[Event, Envelope]]) -> None:
        keys = list({about.key for _, about in coming})
        found = {row["_id"]: Effect(row) for row in connection.database()[EFFECTS].find({"_id": {"$in": keys}})}
        for key in keys:
            current_batch().load_once(EFFECTS, key, partial(_effect_of, found, key))

    consumer_group.handles(InstitutionRegistered)(upsert)
    consumer_group.handles(InstitutionSuspended)(upsert)
    return consumer_group


def _require_effects(collection: str, records: int) -> None:
    """A measurement of work that was not done, or was done twice, would be worth nothing."""
    seen = sum(document["seen"] for document in connection.database()[collection].find({}))
    if seen != records:
        raise RuntimeError(f"{records} records had {seen} effects in {collection}")
