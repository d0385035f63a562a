"""Every handler that the page of events names does something: one without effect would be named as somebody who hears.

The golden samples tell of one enterprise, one trainer, one training. In some order each of them changes what its hearer keeps,
on a day before the training of which they tell: nobody is told of days that are over.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterator
from datetime import timedelta
from typing import Any, Final

import pytest

from shared.access.suspensions import groups_of
from shared.contracts import golden, samples
from shared.contracts.catalogue import all_events
from shared.contracts.erasure import AboutErasureDone
from shared.contracts.event import Event, type_of
from shared.contracts.events.enrollment import TrainingCancelled
from shared.contracts.wire.codec import decode
from shared.erasure.progress import begin_erasure, owns_persons
from shared.kernel import clock
from shared.kernel.service import Service, declared
from shared.kernel.settings.current import settings
from shared.messaging.inbox.store import COLLECTIONS as INBOX
from shared.storage import connection, migrations
from tests.support.records import Group, records_of

ORDERS: Final = 6


@pytest.mark.parametrize("service", declared(), ids=lambda service: service.name)
def test_every_handler_has_an_effect(
    store: Callable[[Service], Any], configured: pytest.MonkeyPatch, service: Service
) -> None:
    before_training = samples.sample(TrainingCancelled).days[0] - timedelta(days=1)
    configured.setenv("SCORE_CLOCK_OFFSET", str((before_training - clock.now().date()).days * 86_400))
    settings.cache_clear()
    store(service)
    without = {(group.group, kind) for group in groups_of(service) for kind in group.handlers}
    for order in orders():
        if owns_persons(service.name):  # who answers an erasure answers somebody who has begun one
            begin_erasure(samples.sample(AboutErasureDone).person_id, due_at=clock.now(), institution_id=None)
        for group in groups_of(service):
            kinds = {kind for name, kind in without if name == group.group}
            without -= {(group.group, kind) for kind in effects(Group(group), order, kinds)}
        if not without:
            return
        forget()
    assert sorted(without) == []


def orders() -> Iterator[list[Event]]:
    told = [decode(kind, golden.golden_body(type_of(kind))) for kind in all_events()]
    yield told
    yield told[::-1]
    for seed in range(ORDERS):
        yield random.Random(seed).sample(told, len(told))


def effects(group: Group, order: list[Event], kinds: set[str]) -> Iterator[str]:
    """Yield which of these types changed something beside the group's own memory of what it has heard."""
    for event, record in zip(order, records_of(order), strict=True):
        before = kept() if type_of(type(event)) in kinds else None
        if kinds and group.hears(record):
            group.take([record])
        if before is not None and kept() != before:
            yield type_of(type(event))


def kept() -> dict[str, list[Any]]:
    database = connection.database()
    return {name: sorted(database[name].find({}), key=lambda row: str(row["_id"])) for name in names(INBOX)}


def forget() -> None:
    for name in names({migrations.LEDGER}):
        connection.database()[name].delete_many({})


def names(besides: Collection[str]) -> list[str]:
    return sorted(set(connection.database().list_collection_names()) - set(besides))
