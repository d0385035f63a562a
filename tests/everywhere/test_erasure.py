"""Every service keeps of people no more than it has a use for, forgets whom another erases, and says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from shared.access.suspensions import groups_of
from shared.contracts.catalogue import all_events
from shared.contracts.erasure import AboutErasure
from shared.contracts.event import Event, owner_of
from shared.contracts.parties import CONTACTS, Party, PartyKind
from shared.contracts.wire.compacted import Tombstone
from shared.erasure.copies import answered_by
from shared.erasure.progress import Erasure, begin_erasure, holders_besides, owns_persons, progress_of, watch_erasures
from shared.kernel import clock, ids
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM
from shared.kernel.service import Service, declared
from shared.kernel.settings.current import settings
from shared.messaging.inbox.runner import delivery_for
from shared.messaging.inbox.store import MongoInbox
from shared.messaging.outbox.compacted import close_segments, publish_party
from shared.messaging.ports import Incoming
from shared.messaging.subscriptions import ConsumerGroup
from shared.observability import metrics
from shared.process.collections import collections_of
from shared.process.jobs import forget_the_old, timers_of
from shared.storage import connection
from shared.storage.transaction import in_new_transaction
from tests.support.records import Group, events_said, party_records, records_of

NAME, EMAIL, PHONE = "Kanaria Contoh", "kanaria@example.org", "+6281299900099"
WRITES = {"notifications": "letters go to the people themselves"}
SHOWS = {
    ("enrollment", "certification"): "trainers stand by name on their trainings' pages",
    ("consulting", "certification"): "trainers stand by name on their visits' pages",
}
SERVICES = declared()
OWNERS_OF_PERSONS = [event for event in all_events() if issubclass(event, AboutErasure)]
each = pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
Store = Callable[[Service], Any]


def party(party_id: UUID, version: int = 1, kind: PartyKind = "person") -> Party:
    return Party(party_id=party_id, version=version, kind=kind, name=NAME, email=EMAIL, phone=PHONE)


def kept() -> str:
    """Everything that the connected store holds, as text."""
    database = connection.database()
    return "\n".join(str(list(database[name].find({}))) for name in database.list_collection_names())


def told(service: Service, records: list[Incoming]) -> None:
    for group in groups_of(service):
        Group(group).take(records)


def parked(service: Service, records: list[Incoming]) -> int:
    """Park records of parties that no release can read, as each group of the service that hears of parties would."""
    number = 0
    for group in groups_of(service):
        heard = [
            replace(record, value=(record.value or b"")[:-1]) for record in records if record.topic in group.copied
        ]
        delivery = delivery_for(group, MongoInbox(group.group))
        number += delivery.deliver(delivery.decode(heard)).count("parked") if heard else 0
    return number


@each
@pytest.mark.parametrize("owner", CONTACTS.owners)
def test_addresses_and_names_of_people_are_kept_where_they_are_needed(
    store: Store, service: Service, owner: str
) -> None:
    store(service)
    told(service, party_records(owner, [party(ids.new())]))
    said = kept()
    assert (EMAIL in said or PHONE in said) == (service.name in WRITES), "another service needs a reason in `WRITES`"
    named = service.name in WRITES or (service.name, owner) in SHOWS
    assert (NAME in said) == named, "another copy needs a reason in `SHOWS`"


def test_whoever_keeps_parties_answers_erasures() -> None:
    keeping = {service.name for service in SERVICES if any(group.copied for group in service.groups)}
    assert keeping <= {service.name for service in SERVICES if answered_by(service.name)}


@each
@pytest.mark.parametrize("erased", OWNERS_OF_PERSONS, ids=lambda event: owner_of(event).name)
def test_a_person_whom_another_service_erases_is_gone_and_that_is_said_once(
    store: Store, service: Service, erased: type[Event]
) -> None:
    store(service)
    owner, person, done = owner_of(erased).name, ids.new(), answered_by(service.name)
    records = party_records(owner, [party(person)]) if owner in CONTACTS.owners else []
    told(service, records)
    number = parked(service, party_records(owner, [party(person, 2)], 20_000) if records else [])
    assert (NAME in kept()) == bool(number), "what cannot be read is parked as it came"
    events = records_of([erased(person_id=person)] * 2)
    with acting_as(SYSTEM):
        group = next(group for group in groups_of(service) if group.group == f"{service.name}.suspensions")
        deliver_all(group, events)
    said = [event.person_id for event in events_said(done)] if done else []  # type: ignore[attr-defined]
    answers = owner != service.name and done is not None
    assert said == ([person] if answers else [])
    if answers:
        assert NAME not in kept()
        assert EMAIL not in kept()
        told(service, party_records(owner, [party(person, 3)], 30_000) if owner in CONTACTS.owners else [])
        assert NAME not in kept(), "what comes later of an erased person is not kept"


def deliver_all(group: ConsumerGroup, records: list[Incoming]) -> None:
    delivery = delivery_for(group, MongoInbox(group.group))
    heard = [record for record in records if record.topic in group.topics]
    delivery.deliver(delivery.decode(heard))


@each
def test_a_parked_version_of_a_party_goes_with_a_newer_one(store: Store, service: Service) -> None:
    store(service)
    person = ids.new()
    for owner in CONTACTS.owners:
        number = parked(service, party_records(owner, [party(person)]))
        assert (NAME in kept()) == bool(number)
        told_without_looking(service, party_records(owner, [Tombstone(key=person, version=2)], 20_000))
        assert NAME not in kept()
        connection.database()["contacts"].delete_many({})


def told_without_looking(service: Service, records: list[Incoming]) -> None:
    for group in groups_of(service):
        deliver_all(group, records)


@each
def test_an_owner_sees_who_is_missing_and_is_alarmed_when_the_time_is_over(store: Store, service: Service) -> None:
    if not owns_persons(service.name):
        return
    store(service)
    late, done, holders = ids.new(), ids.new(), holders_besides(service.name)
    with acting_as(SYSTEM):
        for person, hours in ((late, -1), (done, 72)):
            begin_erasure(person, due_at=clock.now() + timedelta(hours=hours), institution_id=None)
        assert open_at(service, late) == list(holders)
        answers = [
            event for event in all_events() if owner_of(event).name in holders and event.__name__ == "ErasureDone"
        ]
        group = next(group for group in groups_of(service) if group.group == f"{service.name}.suspensions")
        events = [answer(erasure_id=ids.derived("erasure", done), person_id=done) for answer in answers]
        events += [answers[0](erasure_id=ids.derived("erasure", late), person_id=late)]
        deliver_all(group, records_of(events))
        assert open_at(service, done) == []
        assert Erasure.get(done).state == "done"
        assert open_at(service, late) == list(holders[1:])
        assert watch_erasures(service.name) == 1
        assert Erasure.get(late).overdue
        version = Erasure.get(late).version
        assert watch_erasures(service.name) == 1
        assert Erasure.get(late).version == version, "it stays overdue, and is not written again"
    counted = {holder: metrics.ERASURES_OVERDUE.labels(holder)._value.get() for holder in holders}
    assert counted == {holder: float(holder != holders[0]) for holder in holders}


def open_at(service: Service, person: UUID) -> list[str]:
    progress = progress_of(service.name, person)
    assert progress is not None
    return list(progress["open"])


@each
def test_what_tells_of_people_has_an_end(store: Store, service: Service) -> None:
    """Each collection with personal data stands here with what ends it; a new one of the platform needs a line."""
    store(service)
    platform = set(collections_of(service)) - {document._meta["collection"] for document in service.documents}
    assert platform == ENDS.keys(), "say what ends it"


@each
def test_what_was_kept_long_enough_goes_by_the_clock(store: Store, service: Service) -> None:
    store(service)
    assert {"retention"} <= {timer.name for timer in timers_of(service)}
    database, now = connection.database(), clock.now()
    log = [(settings().access_log_days + 1, "old"), (settings().access_log_days - 1, "young")]
    database["access_log"].insert_many([
        {"_id": ids.new(), "at": now - timedelta(days=days), "subject": subject} for days, subject in log * 3
    ])  # fmt: skip
    discarded = {"group": "g", "reason": "discarded"}
    database["parked"].insert_many([
        {"_id": "old", **discarded, "discarded_at": now - timedelta(days=settings().discarded_days + 1)},
        {"_id": "young", **discarded, "discarded_at": now},
        {"_id": "failed", "group": "g", "reason": "failed", "parked_at": now - timedelta(days=9_999)},
    ])  # fmt: skip
    forget_the_old()
    assert [row["subject"] for row in database["access_log"].find({})] == ["young"] * 3
    assert {row["_id"] for row in database["parked"].find({})} == {"young", "failed"}, "what waits for a person stays"


def test_what_replaces_an_earlier_version_is_sent_once_more_when_its_segment_may_be_closed(store: Store) -> None:
    """The broker closes a segment when a record comes after its time: on a quiet topic somebody has to send one."""
    store(next(service for service in SERVICES if service.name in CONTACTS.owners))
    rows, first, changed = connection.database()["contact_outbox"], ids.new(), ids.new()
    in_new_transaction(lambda: publish_party(party(first), new=True))
    for said in (party(changed, 2), Tombstone(key=changed, version=3)):
        in_new_transaction(partial(publish_party, said))
    rows.update_many({}, {"$unset": {"pending_at": ""}})  # as if the relay had sent them
    assert close_segments() == 0
    waited = timedelta(milliseconds=settings().contacts_compaction_ms + 1)
    rows.update_many(
        {"closes_at": {"$exists": True}}, {"$set": {"closes_at": rows.find_one({"_id": changed})["closes_at"] - waited}}
    )
    assert close_segments() == 1
    assert [row["_id"] for row in rows.find({"pending_at": {"$exists": True}})] == [changed]
    assert close_segments() == 0


ENDS = {
    "access_log": "SCORE_ACCESS_LOG_DAYS",
    "attempts": "holds places of records only",
    "contact_outbox": "a row is overwritten by each version and emptied by an erasure",
    "contacts": "a copy goes with its party",
    "reference_outbox": "a row is overwritten by each version and emptied where its owner takes it back",
    "references": "a copy goes where its owner takes back what others show",
    "cursors": "digests of events, which hold nothing of people",
    "ended_tokens": "digests, until the token would have expired",
    "erased_copies": "ids only",
    "erased_trainers": "ids only",
    "erasures": "ids only",
    "generations": "no people",
    "groups": "no people",
    "heard": "no people",
    "idempotency": "SCORE_IDEMPOTENCY_DAYS, or earlier with whom it shows",
    "known_authorisations": "ids only",
    "known_trainers": "ids only",
    "leases": "no people",
    "merged_enterprises": "ids only",
    "migrations": "no people",
    "outbox": "events hold nothing of people",
    "parked": "a party's with its erasure; SCORE_DISCARDED_DAYS",
    "pending": "ids only",
    "relays": "no people",
    "resends": "no people",
    "suspended_institutions": "no people",
}
