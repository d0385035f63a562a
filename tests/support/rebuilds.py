"""Reporting's projection on its own store, and the owner of what it counts: enrollment, as far as its facts go."""

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
from shared.contracts.event import Fact, key_of, topic_of
from shared.domain import outbox_rows
from shared.kernel.context import SYSTEM, acting_as
from shared.messaging.outbox.resend import Requests
from shared.messaging.projections import generations
from shared.messaging.projections.rebuild import ProjectionRunner
from shared.messaging.subscriptions import Reactions
from shared.process.loops import ControlLoop
from shared.storage import connection
from shared.storage.transaction import current_unit, in_new_transaction
from tests.support.engines import environment
from tests.support.factories import STAFF
from tests.support.golden_programme import PROGRAMME, an, delivered, enterprise, rows
from tests.support.waiting import until
from tests.support.worker_loops import OWNER, QUICK, Running

TOPIC = OWNER.fact_topic
HISTORY = tuple(fact for fact in PROGRAMME if topic_of(type(fact)) == TOPIC)
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

    def projection(self, group: Reactions = handlers.results) -> ProjectionRunner:
        self._run(ControlLoop(SERVICE, self.requests, self._stop).run)
        runner = ProjectionRunner(SERVICE.name, group, self.requests, self._stop)
        self._run(runner.run)
        return runner


@contextmanager
def at_work(
    *, relay: bool = True, owner: bool = True, projection: bool = True, group: Reactions = handlers.results
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


def say(facts: Iterable[Fact]) -> None:
    """Facts of enrollment, each numbered after what was said of its key before."""
    for fact in facts:
        in_new_transaction(lambda fact=fact: _say(fact))


def _say(fact: Fact) -> None:
    key = key_of(fact)
    known = connection.database()[outbox_rows.COLLECTION].find({"key": key}, {"sequence": 1})
    sequence = max((row["sequence"] for row in known), default=0) + 1
    outbox_rows.add(current_unit(), fact, aggregate_id=key, sequence=sequence)


def figures() -> dict[str, Any]:
    """What a person is shown now."""
    with acting_as(STAFF):
        return {figure.code: (figure.result, figure.breakdowns) for figure in results().figures}


def intended(*facts: Fact) -> dict[str, Any]:
    """The figures that these facts make, without a store."""
    targets = {target.code: target for target in Target.objects}
    with acting_as(STAFF):
        terms = terms_for(STAFF, smallest=reporting_settings().smallest_cell)
    return {figure.code: (figure.result, figure.breakdowns) for figure in figures_of(rows(*facts), targets, terms)}


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


def await_counted(group: str, facts: int) -> None:
    """Wait until the cursors of a group have passed so many facts."""
    cursors = connection.database()["cursors"]
    until(lambda: sum(row["sequence"] for row in cursors.find({"group": group})) == facts, f"{facts} facts are counted")


def await_generation(number: int) -> None:
    until(lambda: generations.standing(GROUP).current == number, f"generation {number} is read")


def failing_in(number: int, fails: Callable[[Fact], bool]) -> Reactions:
    """The projection's reactions with a bug in one generation."""

    def around(reaction: Any) -> Any:
        def react(fact: Fact, about: Any) -> None:
            if generations.writing() == number and fails(fact):
                raise ValueError("a bug")
            reaction(fact, about)

        return react

    return handlers.results.under(GROUP, around)


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
