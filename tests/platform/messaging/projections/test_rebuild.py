"""A projection is built anew beside the one that is read: it heals, nobody misses a figure, and nothing of the old stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from services.reporting.projections import handlers
from services.reporting.projections.model import GROUP
from services.reporting.service import SERVICE
from shared.access.suspensions import groups_of
from shared.contracts.control import CONTROL_TOPIC
from shared.kernel.service import declared
from shared.messaging.errors import AlreadyBuilding, Retired
from shared.messaging.kafka import positions
from shared.messaging.kafka.topics import Topics
from shared.messaging.operations import commands
from shared.messaging.projections import catch_up, generations
from shared.process.collections import collections_of
from shared.storage import connection, migrations
from shared.storage.transaction import in_new_transaction
from tests.support.engines import Engines, environment, free_port
from tests.support.golden_programme import an, delivered, enterprise
from tests.support.rebuilds import (
    HISTORY,
    LIVE,
    TOPIC,
    at_work,
    await_counted,
    await_figures,
    await_generation,
    failing_in,
    figures,
    intended,
    leavings,
    on_the_store_of_reporting,
    say,
    silence,
    spoil,
    written,
)
from tests.support.records import Group, records_of
from tests.support.toy_histories import forget
from tests.support.waiting import until
from tests.support.worker_loops import all_sent

# kafka-python leaves sockets of refused connections to the garbage collector
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")


@pytest.fixture(autouse=True)
def _on_the_store_of_reporting(store) -> Iterator[None]:
    with on_the_store_of_reporting(store):
        yield


def listed_groups() -> set[str]:
    """The projection's groups that an operator is shown as readers of the topic."""
    (topic,) = positions.look([TOPIC], groups_of(SERVICE), [SERVICE.name])
    return {one["group"] for one in topic["groups"] if one["group"].startswith(GROUP)}


def test_a_rebuild_heals_spoilt_rows_and_leaves_nothing_of_the_old(broker, every_write_in_a_transaction) -> None:
    say(HISTORY)
    wanted = intended(*HISTORY)
    with at_work():
        await_figures(wanted, "all is counted")
        await_counted(GROUP, len(HISTORY))
        original = written(1)
        assert spoil() != wanted
        generations.begin(GROUP)
        await_generation(2)
        assert figures() == wanted
        assert written(2) == original
        until(lambda: not generations.load_state(GROUP).retired, "the old generation is cleared away")
        assert leavings(1) == {}
        assert listed_groups() == {f"{GROUP}.2"}
        say(LIVE)
        await_figures(intended(*HISTORY, *LIVE), "what is said afterwards is counted")
    assert leavings(1) == {}


def test_old_figures_are_served_and_live_events_counted_once_while_history_comes_from_its_owner(broker) -> None:
    say(HISTORY)
    wanted = intended(*HISTORY)
    with at_work(owner=False):
        await_figures(wanted, "all is counted")
        forget(broker, TOPIC)
        generations.begin(GROUP)
        until(lambda: catch_up.progress_of(handlers.results).asked, "the owner is asked")
        assert figures() == wanted
        say(LIVE)
        wanted = intended(*HISTORY, *LIVE)
        await_figures(wanted, "the old generation goes on counting")
        await_counted(GROUP, len(HISTORY) + len(LIVE))
        assert generations.load_state(GROUP).current == 1
        assert catch_up.progress_of(handlers.results).reached < len(HISTORY)
        old = written(1)
    with at_work():  # another worker, and now the owner answers
        await_generation(2)
        assert figures() == wanted
        assert written(2) == old
    assert connection.database()["parked"].count_documents({}) == 0


def test_history_that_the_log_never_held_is_asked_for(broker) -> None:
    """The log begins at its start, so nothing seems to be missing; only the cursors of the old generation tell."""
    say(HISTORY)
    in_new_transaction(lambda: connection.database()["pending"].delete_many({}))
    Group(generations.of(handlers.results, 1)).take(records_of(HISTORY))
    wanted = figures()
    assert wanted == intended(*HISTORY)
    spoil()
    generations.begin(GROUP)
    with at_work():
        await_generation(2)
    assert figures() == wanted


def test_what_only_the_old_generation_heard_ends_no_rebuild(broker) -> None:
    """Of forged records their owner has no history, and is not asked for it for ever."""
    say(HISTORY)
    wanted = intended(*HISTORY)
    with at_work():
        await_figures(wanted, "all is counted")
        await_counted(GROUP, len(HISTORY))
        until(all_sent, "all is sent")
    forged = enterprise(21), delivered(19, (21,))
    Group(handlers.results).take(records_of([*HISTORY, *forged])[-len(forged) :])
    assert figures() == intended(*HISTORY, *forged) != wanted
    generations.begin(GROUP)
    with at_work():
        await_generation(2)
        assert figures() == wanted
        say(LIVE)
        await_figures(intended(*HISTORY, *LIVE), "what its owner says afterwards is counted")
    assert connection.database()["resends"].count_documents({}) == 0


@pytest.fixture
def own_engines() -> Iterator[None]:
    """A process that is killed may leave a transaction open: the store of the other tests is not for that."""
    engines = Engines()
    try:
        engines.start()
        with environment(SCORE_MONGO_URL=engines.store_url, SCORE_KAFKA=engines.broker_address):
            connection.connect(SERVICE.name)
            migrations.migrate(SERVICE, collections_of(SERVICE))
            silence()
            topics = Topics()
            topics.create(events=[*(service.event_topic for service in declared()), CONTROL_TOPIC], compacted=[])
            topics.close()
            yield
    finally:
        connection.disconnect()
        engines.stop()


@pytest.mark.faults
def test_a_killed_worker_goes_on_where_it_was(own_engines, tmp_path) -> None:
    say(HISTORY)
    wanted = intended(*HISTORY)
    with at_work():
        await_figures(wanted, "all is counted")
        until(all_sent, "all is sent")
    spoil()
    generations.begin(GROUP)

    def worker(failpoint: str) -> subprocess.Popen[bytes]:
        own = {"SCORE_FAILPOINT": failpoint, "SCORE_REPORTING_METRICS_PORT": str(free_port())}
        with (tmp_path / "worker.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "services.reporting", "worker"], env=os.environ | own, stdout=log, stderr=log
            )

    for failpoint in ("rebuild.mid_fold:3:kill", "rebuild.before_swap:1:kill"):
        assert worker(failpoint).wait(60) == -signal.SIGKILL, (tmp_path / "worker.log").read_text()
        assert generations.load_state(GROUP).current == 1
    assert written(2).keys() == {an("enterprise", number) for number in range(12)}
    last = worker("")
    try:
        await_generation(2)
    finally:
        last.terminate()
        assert last.wait(20) == 0
    assert figures() == wanted


def test_a_record_that_fails_in_the_new_generation_holds_up_the_swap_until_it_is_decided(broker) -> None:
    say(HISTORY)
    with at_work():
        await_figures(intended(*HISTORY), "all is counted")
    wrong = enterprise(1)
    broken = failing_in(2, lambda event: event == wrong)
    generations.begin(GROUP)
    with at_work(group=broken):
        until(lambda: catch_up.progress_of(broken).failed == 1, "parked in the new generation")
        (row,) = commands.listed(f"{GROUP}.2", "failed")
        until(lambda: catch_up.progress_of(broken).reached == catch_up.progress_of(broken).known - 1, "the rest")
        assert generations.load_state(GROUP).current == 1
        assert figures() == intended(*HISTORY)
        group = generations.named([broken], row["group"])
        assert group is not None
        assert commands.discard(group, row["_id"], "test").state == "discarded"
        await_generation(2)
    assert figures() != intended(*HISTORY)
    assert row["key"] == an("enterprise", 1)


def test_a_second_rebuild_is_refused_and_a_restart_begins_anew(broker) -> None:
    say(HISTORY)
    wanted = intended(*HISTORY)
    with at_work():
        await_figures(wanted, "all is counted")
        until(all_sent, "all is sent")
    generations.begin(GROUP)
    with pytest.raises(AlreadyBuilding):
        generations.begin(GROUP)
    Group(generations.of(handlers.results, 2)).take(records_of(HISTORY[:5]))
    assert leavings(2)
    assert generations.begin(GROUP, restart=True).building == 3
    with at_work():
        await_generation(3)
        assert figures() == wanted
        until(lambda: not generations.load_state(GROUP).retired, "both others are cleared away")
    assert leavings(1) == leavings(2) == {}


def test_a_retired_generation_writes_nothing(broker) -> None:
    old = Group(generations.of(handlers.results, 1))
    half = len(HISTORY) // 2
    told = records_of(HISTORY)
    old.take(told[:half])
    before = written(1), connection.database()["cursors"].count_documents({})
    generations.begin(GROUP)
    assert generations.swap(GROUP, 2)
    with pytest.raises(Retired):
        old.take(told[half:])
    assert (written(1), connection.database()["cursors"].count_documents({})) == before
    assert written(2) == {}


def test_a_reader_who_was_overtaken_by_a_swap_looks_again() -> None:
    looks: list[int] = []

    def look(number: int) -> int:
        looks.append(number)
        if number == 1:
            generations.begin(GROUP)
            generations.swap(GROUP, 2)
        return number

    assert generations.read_consistent(GROUP, look) == 2
    assert looks == [1, 2]
