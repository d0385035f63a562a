"""Connections that are slow, too many, or open when a worker stops: who is given up, who is told, who is answered."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.support.waiting import until
from tests.support.web_process import Web, holding, serving
from tests.support.wire_requests import GET, HELD, post

MOST, HEADER_SECONDS, TRANSFER_SECONDS, RATE = 8, 2.0, 2.0, 100_000


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """A process that gives up soon on who is slow."""
    with serving(
        tmp_path_factory.mktemp("hasty"),
        SCORE_WEB_HEADER_SECONDS=str(HEADER_SECONDS),
        SCORE_WEB_TRANSFER_SECONDS=str(TRANSFER_SECONDS),
        SCORE_WEB_TRANSFER_RATE=str(RATE),
    ) as running:
        yield running


@pytest.fixture
def crowded(tmp_path: Path) -> Iterator[Web]:
    """A process that takes few connections of one address, and could work for all of them at once."""
    with serving(
        tmp_path, SCORE_WEB_CONNECTIONS_PER_ADDRESS=str(MOST), SCORE_WEB_THREADS=str(MOST), **holding(tmp_path)
    ) as running:
        running.wait_for_nobody()
        yield running


@pytest.fixture(autouse=True)
def _hanging_up(hasty: Web) -> Iterator[None]:
    yield
    hasty.hang_up()


def test_a_request_that_does_not_come_is_given_up(hasty: Web) -> None:
    began = time.monotonic()
    callers = {}
    for name, sent in {"nothing": b"", "header": GET[:20], "body": post(b"abc", length=500)}.items():
        callers[name] = hasty.caller(seconds=HEADER_SECONDS + 30)
        callers[name].send(sent)
    statuses = {name: caller.answer().status for name, caller in callers.items()}
    assert statuses == {"nothing": 408, "header": 408, "body": 408}
    assert time.monotonic() - began > HEADER_SECONDS


def test_a_body_that_goes_on_has_longer_and_one_that_trickles_has_not(hasty: Web) -> None:
    steady, trickling = hasty.caller(), hasty.caller()
    steady.send(post(b"", length=1_000_000))
    trickling.send(post(b"", length=1_000_000))
    for _ in range(10):
        time.sleep(TRANSFER_SECONDS / 5)
        steady.send(b"x" * 100_000)
        with suppress(OSError):
            trickling.send(b"x")
    assert steady.answer().json["length"] == 1_000_000
    assert until(trickling.ended, "the end of what trickles")


def test_an_answer_is_given_whole_to_who_reads_slowly_and_no_more_to_who_stops(hasty: Web) -> None:
    slow, stopped = (hasty.caller(receive_buffer=65_536) for _ in range(2))
    for caller in (slow, stopped):
        caller.send(b"GET /streamed/300 HTTP/1.1\r\nHost: x\r\n\r\n")  # 19.7 MB
    body, until_then = b"", time.monotonic() + TRANSFER_SECONDS * 2
    while time.monotonic() < until_then:
        time.sleep(0.05)
        body += slow.socket.recv(65_536)
    while not body.endswith(b"\r\n0\r\n\r\n"):
        body += slow.socket.recv(1_000_000)
    assert body.count((299).to_bytes(4, "big")) >= 16_384
    assert len(body) > 300 * 65_536
    taken = 0
    with suppress(ConnectionResetError):
        while data := stopped.socket.recv(1_000_000):
            taken += len(data)
    assert taken < 300 * 65_536


def test_an_address_has_so_many_connections_and_the_oldest_that_waits_makes_room(crowded: Web) -> None:
    callers = [crowded.caller() for _ in range(MOST)]
    *waiting, one, other = callers
    for caller in (one, other):
        caller.send(HELD)
    until(lambda: crowded.held() == 2, "work for the last two")
    fresh = [crowded.caller() for _ in range(3)]
    for caller in fresh:
        caller.send(GET)
    assert [caller.answer().status for caller in fresh] == [200, 200, 200]
    assert [caller.ended() for caller in waiting[:3]] == [True, True, True]
    for caller in waiting[3:]:
        caller.send(GET)
        assert caller.answer().status == 200
    crowded.release()
    assert [caller.answer().status for caller in (one, other)] == [200, 200]


def test_who_comes_when_all_are_at_work_is_told_so(crowded: Web) -> None:
    busy = [crowded.caller() for _ in range(MOST)]
    for caller in busy:
        caller.send(HELD)
    until(lambda: crowded.held() == MOST, "work for all")
    assert crowded.caller().answer().status == 503
    crowded.release()
    assert {caller.answer().status for caller in busy} == {200}


def test_a_worker_that_stops_finishes_what_it_has_begun_and_is_not_ready_for_more(tmp_path: Path) -> None:
    with serving(tmp_path, **holding(tmp_path)) as web:
        assert web.ask("/health/ready").json["status"] == "not ready", "it has no store"
        working, sending, watching, idle, _silent = (web.caller() for _ in range(5))
        idle.send(GET)
        assert idle.answer().headers["connection"] == "keep-alive"
        working.send(HELD)
        sending.send(post(b"", length=300, Expect="100-continue"))
        watching.send(b"GET /health/ready HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n")
        assert (sending.answer().status, watching.answer().status) == (100, 100)
        until(lambda: web.held() == 1, "work")
        ended: list[int] = []
        stopping = threading.Thread(target=lambda: ended.append(web.stop()))
        stopping.start()
        assert idle.ended(), "it stops"
        watching.send(b"x")
        ready = watching.answer()
        assert (ready.status, ready.json["status"]) == (503, "draining")
        sending.send(b"x" * 300)
        answer = sending.answer()
        assert (answer.json["length"], answer.headers["connection"]) == (300, "close")
        sending.close()
        watching.close()
        web.release()
        assert (working.answer().status, working.ended()) == (200, True)
        stopping.join(30)
        assert ended == [0]
