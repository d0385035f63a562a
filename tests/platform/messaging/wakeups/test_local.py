"""Processes of one machine nudge each other; what is not heard costs time and nothing else."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from shared.contracts.event import type_of
from shared.contracts.events.enrollment import InstitutionRegistered
from shared.domain.outbox_rows import row_of
from shared.kernel import ids
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM
from shared.kernel.settings.current import settings
from shared.messaging.kafka.log_ends import LogEnds
from shared.messaging.kafka.producer import KafkaLog
from shared.messaging.outbox.events import outgoing_of
from shared.messaging.ports import Outgoing, Types
from shared.messaging.subscriptions import ConsumerGroup
from shared.messaging.wakeups import local
from shared.messaging.wakeups.consumer import ConsumerWakeup
from shared.messaging.wakeups.local import SUFFIX, LocalListener, LocalNotifier
from shared.storage import connection
from shared.storage.transaction import in_new_transaction
from tests.support import toy
from tests.support.waiting import until

REGISTERED = type_of(InstitutionRegistered)
PATIENCE = 30


@contextmanager
def configured(path: Path, monkeypatch) -> Iterator[Path]:
    monkeypatch.setenv("SCORE_NUDGES", str(path))
    settings.cache_clear()
    yield path
    monkeypatch.delenv("SCORE_NUDGES")
    settings.cache_clear()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch) -> Iterator[Path]:
    with configured(tmp_path / "n", monkeypatch) as path:
        yield path


class Heard:
    """An ear in a thread, and what it heard."""

    def __init__(self, service: str = "enrollment") -> None:
        self.written = threading.Event()
        self.grown: list[tuple[str, Types]] = []
        self.listener = LocalListener(service, self.written.set, lambda topic, types: self.grown.append((topic, types)))
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self.listener.run, args=[self._stop])
        self._thread.start()

    def end(self) -> None:
        self._stop.set()
        self._thread.join(PATIENCE)


@pytest.fixture
def listen(folder: Path) -> Iterator[Callable[..., Heard]]:
    made: list[Heard] = []

    def start(service: str = "enrollment") -> Heard:
        made.append(Heard(service))
        return made[-1]

    yield start
    for one in made:
        one.end()
    assert list(folder.iterdir()) == []  # an ear leaves nothing behind


def an_event() -> Outgoing:
    event = InstitutionRegistered(institution_id=ids.new(), kind="private_provider", province="ID-JB")
    with acting_as(SYSTEM):
        return outgoing_of(row_of(event, aggregate_id=event.institution_id, sequence=1))


def test_a_commit_to_the_outbox_is_heard_by_workers_of_its_service_alone(store, folder: Path, monkeypatch) -> None:
    store(toy.SERVICE)
    told = LocalNotifier("enrollment")
    mine, other = Heard("enrollment"), None
    try:
        monkeypatch.setattr(local.os, "getpid", lambda: 1)  # a second worker of the machine
        other = Heard("finance")
        with acting_as(SYSTEM):
            in_new_transaction(lambda: connection.database()["attempts"].insert_one({"_id": str(ids.new())}))
            toy.register()
        assert mine.written.wait(PATIENCE)
        local.published([an_event()])
        until(lambda: other.grown, "the other worker hears of topics")
        assert not other.written.is_set()
    finally:
        del told
        for one in filter(None, (mine, other)):
            one.end()


def test_what_is_not_for_the_outbox_nudges_nobody(store, listen) -> None:
    store(toy.SERVICE)
    heard, told = listen(), LocalNotifier("enrollment")
    with acting_as(SYSTEM):
        in_new_transaction(lambda: connection.database()["attempts"].insert_one({"_id": str(ids.new())}))
    local.published([an_event()])  # comes after whatever the commit would have said
    until(lambda: heard.grown, "the later nudge is heard")
    assert not heard.written.is_set()
    del told


def test_what_the_broker_acknowledged_is_heard_with_its_types(broker, listen) -> None:
    heard, log = listen(), KafkaLog("test-nudging", local.published)
    try:
        log.publish([an_event()])
        until(lambda: heard.grown, "the topic is said to have grown")
        assert heard.grown == [(toy.TOPIC, frozenset({REGISTERED}))]
    finally:
        log.close()


def test_an_ear_survives_what_it_does_not_understand(listen, folder: Path) -> None:
    heard = listen()
    path = next(folder.glob(f"*{SUFFIX}"))
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        for said in (b"", b"\xff\x00", b"[]", b"7", b'{"topic": "x", "types": 5}'):
            sender.sendto(said, str(path))
    local.published([an_event()])
    until(lambda: heard.grown, "a nudge behind garbage is heard")
    assert not heard.written.is_set()
    assert len(heard.grown) == 1


def test_the_socket_of_a_killed_worker_is_swept(folder: Path) -> None:
    folder.mkdir()
    dead = folder / f"finance.7{SUFFIX}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as gone:
        gone.bind(str(dead))
    assert dead.exists()
    local.published([an_event()])
    assert not dead.exists()


def test_a_listener_that_does_not_read_holds_nobody_up(folder: Path) -> None:
    folder.mkdir()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as deaf:
        deaf.bind(str(folder / f"finance.7{SUFFIX}"))
        more_than_it_holds = [an_event()] * 5_000
        teller = threading.Thread(
            target=lambda: [local.published([event]) for event in more_than_it_holds], daemon=True
        )
        teller.start()
        teller.join(PATIENCE)
        assert not teller.is_alive()
        assert deaf.recv(local.LARGEST)


def test_without_a_folder_nobody_nudges(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings.cache_clear()
    listener = LocalListener("enrollment", lambda: None, lambda *_: None)
    local.published([an_event()])
    assert not listener.open
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_too_deep_for_a_socket_is_done_without(tmp_path: Path, monkeypatch) -> None:
    with configured(tmp_path / ("deep" * 40), monkeypatch):
        assert not LocalListener("enrollment", lambda: None, lambda *_: None).open
        local.published([an_event()])


def test_a_nudge_rings_whom_it_concerns_and_the_next_look_is_silent_about_it(broker) -> None:
    here, there = ConsumerGroup("enrollment.here"), ConsumerGroup("enrollment.there")
    here.handles(InstitutionRegistered)(lambda *_: None)
    there.handles_party("enrollment")(lambda *_: None)
    wakeup = ConsumerWakeup("test", threading.Event())
    bells = [wakeup.signal(group) for group in (here, there)]
    wakeup.note_growth(toy.TOPIC, frozenset({REGISTERED}))
    assert [signal.raised.is_set() for signal in bells] == [True, False]


def test_a_look_says_nothing_of_topics_already_known_to_have_grown(broker) -> None:
    ends, log = LogEnds("test"), KafkaLog("test-sender")
    try:
        ends.grown([toy.TOPIC])
        log.publish([an_event()])
        assert ends.grown([toy.TOPIC], known=[toy.TOPIC]) == {}
        assert ends.grown([toy.TOPIC]) == {}  # it was seen, only not said
        log.publish([an_event()])
        assert toy.TOPIC in ends.grown([toy.TOPIC])
    finally:
        ends.close()
        log.close()
