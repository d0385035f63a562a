"""Every golden sample, through every consumer group of every service, in shuffled order, on the real store."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from shared.access.suspensions import groups_of
from shared.contracts import golden
from shared.contracts.catalogue import all_events
from shared.contracts.event import Event, type_of
from shared.contracts.parties import CONTACTS, Party
from shared.contracts.wire.codec import decode
from shared.kernel import ids
from shared.kernel.service import Service, declared
from shared.messaging import parties as parties_here
from shared.messaging.ports import Incoming
from shared.messaging.subscriptions import ConsumerGroup
from tests.support.monitor import MONITOR
from tests.support.records import Group, party_records, records_of


def samples() -> list[Event]:
    return [decode(kind, golden.golden_body(type_of(kind))) for kind in all_events()]


def parties(owner: str) -> list[Incoming]:
    party = decode(Party, golden.golden_body("id.score.contacts.party.v1"))
    party_id = ids.derived("party of", owner)
    return party_records(owner, [replace(party, party_id=party_id, version=version) for version in (1, 2)])


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("service", declared(), ids=lambda service: service.name)
def test_every_sample_is_taken(store: Callable[[Service], Any], service: Service, seed: int) -> None:
    store(service)
    order = samples()
    random.Random(seed).shuffle(order)
    told = [*records_of(order), *(record for owner in CONTACTS.owners for record in parties(owner))]
    MONITOR.watch()
    for consumer_group in groups_of(service):
        group = Group(consumer_group)
        heard = [record for record in told if group.hears(record)]
        results = dict(zip(map(id, heard), group.take(heard), strict=True))
        for record in heard:
            handled = is_kept(consumer_group, record) or header_type(record) in consumer_group.handlers
            assert results[id(record)] == ("applied" if handled else "ignored"), (
                consumer_group.group,
                header_type(record),
            )
    MONITOR.finish()


def is_kept(group: ConsumerGroup, record: Incoming) -> bool:
    """Whether the group keeps a copy of the party that a record tells of."""
    copied = group.copied.get(record.topic)
    return copied is not None and copied.of(decode(Party, record.value or b"")) is not None


@pytest.mark.parametrize("service", declared(), ids=lambda service: service.name)
def test_no_service_writes_to_an_address_whose_version_jumped(
    store: Callable[[Service], Any], service: Service
) -> None:
    store(service)
    for consumer_group in groups_of(service):
        for owner in CONTACTS.owners:
            if CONTACTS.of(owner) in consumer_group.copy_handlers:
                party = replace(
                    decode(Party, golden.golden_body("id.score.contacts.party.v1")), party_id=ids.new(), version=9
                )
                Group(consumer_group).take(party_records(owner, [party]))
                for row in (
                    parties_here.find(party.party_id),
                    parties_here.find_all([party.party_id]).get(party.party_id),
                ):
                    assert row is None or row["email"] is None


def header_type(record: Incoming) -> str:
    return next(value.decode() for name, value in record.headers if name == "ce_type")
