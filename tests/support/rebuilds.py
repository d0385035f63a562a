"""Reporting's projection on its own store, and the owner of what it counts: enrollment, as far as its events go."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from services.reporting.projections import handlers
from services.reporting.projections.enterprise_result import EnterpriseResult
from services.reporting.projections.model import GROUP, row_id_of
from services.reporting.results.figures import figures_of
from services.reporting.results.queries import results, terms_for
from services.reporting.service import SERVICE
from services.reporting.settings import reporting_settings
from services.reporting.targets.model import Target
from shared.contracts.event import Event, key_of, topic_of
from shared.domain import outbox_rows
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM
from shared.messaging.outbox.resend import Requests
from shared.messaging.projections import generations
from shared.messaging.projections.rebuild import ProjectionRunner
from shared.messaging.subscriptions import ConsumerGroup
from shared.process.loops.control import ControlLoop
from shared.storage import connection
from shared.storage.transaction import current_batch, in_new_transaction
from tests.support.engines import environment
from tests.support.factories import STAFF
from tests.support.golden_programme import PROGRAMME, an, delivered, enterprise, rows
from tests.support.waiting import until
from tests.support.worker_loops import OWNER, QUICK, Running

TOPIC = OWNER.event_topic
HISTORY = tuple(event for event in PROGRAMME if topic_of(type(event)) == TOPIC)
LIVE = (enterprise(20), delivered(9, (20,)))
SWIFT = QUICK | {
    "SCORE_RESEND_PAGE": "20",
    "SCORE_RETRY_FIRST_MS": "1",
    "SCORE_TRANSACTION_SECONDS": "4",  # a retired generation is cleared after that
}


class Loops(Running):
    """What a worker of reporting and one of enrollment run; each can be left out."""

    def __init__(self) -> None:
        super().__init__()
        self.requests = Requests(SERVICE.name, self._kafka)

    def projection(self, group: ConsumerGroup = handlers.results) -> ProjectionRunner:
        self._run(ControlLoop(SERVICE, self.requests, self._stop).run)
        runner = ProjectionRunner(SERVICE.name, group, self.requests, self._stop)
        self._run(runner.run)
        return runner


@contextmanager
def at_work(
    *, relay: bool = True, owner: bool = True, projection: bool = True, group: ConsumerGroup = handlers.results
) -> Iterator[Loops]:
    loops = Loops()
    try:
        if relay:
            loops.relay()
        if owner:
            loops.control()
        if projection:
            loops.projection(group)
        yield loops
    finally:
        loops.end()


def silence() -> None:
    """Forget what reporting said when it was migrated: here its outbox is that of enrollment, and a relay has one topic."""
    for name in (outbox_rows.COLLECTION, outbox_rows.PENDING):
        in_new_transaction(lambda name=name: connection.database()[name].delete_many({}))


def say(events: Iterable[Event]) -> None:
    """Events of enrollment, each numbered after what was said of its key before."""
    for event in events:
        in_new_transaction(lambda event=event: _say(event))


def _say(event: Event) -> None:
    key = key_of(event)
    known = connection.database()[outbox_rows.COLLECTION].find({"key": key}, {"sequence": 1})
    sequence = max((row["sequence"] for row in known), default=0) + 1
    outbox_rows.add(current_batch(), event, aggregate_id=key, sequence=sequence)


def figures() -> dict[str, Any]:
    """What a person is shown now."""
    with acting_as(STAFF):
        return {figure.code: (figure.result, figure.breakdowns) for figure in results().figures}


def intended(*events: Event) -> dict[str, Any]:
    """The figures that these events make, without a store."""
    targets = {target.code: target for target in Target.objects}
    with acting_as(STAFF):
        terms = terms_for(STAFF, smallest=reporting_settings().smallest_cell)
    return {figure.code: (figure.result, figure.breakdowns) for figure in figures_of(rows(*events), targets, terms)}


def written(generation: int) -> dict[UUID, dict[str, Any]]:
    """The rows of a generation by enterprise, without what differs between generations."""
    found = {row["_id"]: row for row in connection.database()["enterprise_results"].find({"generation": generation})}
    things = {row_id_of(an("enterprise", number), generation): an("enterprise", number) for number in range(100)}
    return {
        things[row_id]: {name: value for name, value in row.items() if name not in ("_id", "generation")}
        for row_id, row in found.items()
    }


def spoil() -> dict[str, Any]:
    """Rows as a bug would leave them; returns the figures that they make."""
    collection = connection.database()[EnterpriseResult._meta["collection"]]
    found = list(collection.find({}))
    gone = [row["_id"] for row in found[::2]]

    def work() -> None:
        collection.delete_many({"_id": {"$in": gone}})
        collection.update_many({}, {"$set": {"province": "ID-PA"}})

    in_new_transaction(work)
    return figures()


def await_figures(wanted: dict[str, Any], what: str) -> None:
    until(lambda: figures() == wanted, what)


def await_counted(group: str, events: int) -> None:
    """Wait until the cursors of a group have passed so many events."""
    cursors = connection.database()["cursors"]
    until(
        lambda: sum(row["sequence"] for row in cursors.find({"group": group})) == events, f"{events} events are counted"
    )


def await_generation(number: int) -> None:
    until(lambda: generations.load_state(GROUP).current == number, f"generation {number} is read")


def failing_in(number: int, fails: Callable[[Event], bool]) -> ConsumerGroup:
    """The projection's handlers with a bug in one generation."""

    def around(handler: Any) -> Any:
        def react(event: Event, about: Any) -> None:
            if generations.current_generation() == number and fails(event):
                raise ValueError("a bug")
            handler(event, about)

        return react

    return handlers.results.renamed(GROUP, around)


def as_system() -> Any:
    return acting_as(SYSTEM)


@contextmanager
def on_the_store_of_reporting(store: Callable[[str], object]) -> Iterator[None]:
    store("reporting")
    silence()
    with environment(**SWIFT), as_system():
        yield
    gc.collect()


def leavings(number: int) -> dict[str, int]:
    name, database = generations.name_of(GROUP, number), connection.database()
    places = {"enterprise_results": {"generation": number}, "cursors": {"group": name}, "parked": {"group": name},
              "resends": {"group": name}, "groups": {"_id": name}}  # fmt: skip
    return {place: found for place, query in places.items() if (found := database[place].count_documents(query))}
