"""Whoever sends or reads slowly costs a connection and never a thread: others are answered as if they were not there."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.support.waiting import until
from tests.support.web_process import THREADS, Caller, Web, holding, serving

SLOW = 5 * THREADS
PATIENCE = 600.0  # seconds for who is slow: far longer than anybody else waits for an answer here
HEAD = b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n"
CHUNKED = b"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
LARGE = b"GET /large/8000000 HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    folder = tmp_path_factory.mktemp("web")
    patience = {f"SCORE_WEB_{what}_SECONDS": str(PATIENCE) for what in ("HEADER", "TRANSFER")}
    with serving(
        folder, **patience, SCORE_WEB_CHUNKS="100000000", SCORE_WEB_CHUNK_FRAMING_BYTES="100000000", **holding(folder)
    ) as running:
        yield running


@contextmanager
def slow(web: Web, data: bytes, then: bytes = b"", number: int = SLOW, **options: int) -> Iterator[list[Caller]]:
    """Connections that have sent `data`, and send `then` a byte at a time, each before it is asked what the others do."""
    callers = [web.caller(**options) for _ in range(number)]
    for caller in callers:
        caller.send(data)
    for place in range(len(then)):
        time.sleep(0.3)
        for caller in callers:
            caller.send(then[place : place + 1])
    time.sleep(0.3)
    try:
        yield callers
    finally:
        web.hang_up()


KINDS: dict[str, tuple[bytes, bytes]] = {
    "nothing": (b"", b""),
    "a header a byte at a time": (b"GET /echo HTTP/1.1\r\nHost", b": x\r"),
    "a header without an end": (b"GET /echo HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 8_000, b"yyy"),
    "a body a byte at a time": (HEAD, b"abc"),
    "a large body that stops": (HEAD.replace(b"500", b"5000000") + b"x" * 300_000, b"abc"),
    "chunks a byte at a time": (CHUNKED + b"5\r\nab", b"cde"),
    "a size of a chunk without an end": (CHUNKED, b"000"),
    "a body that is waited for": (HEAD.replace(b"\r\n\r\n", b"\r\nExpect: 100-continue\r\n\r\n"), b"abc"),
    "a second request that stops": (b"GET /echo HTTP/1.1\r\nHost: x\r\n\r\nGET /echo HT", b"TP/"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_others_are_answered_while_many_send_slowly(web: Web, kind: str) -> None:
    with slow(web, *KINDS[kind]):
        assert [web.ask(path).status for path in ("/health/live", "/echo")] == [200, 200]
        assert web.ask("/echo", body=b"x" * 100_000).json["length"] == 100_000


def test_others_are_answered_while_many_send_a_body_of_little_chunks(web: Web) -> None:
    """What each has sent is more than a turn takes of it, whenever the others ask."""
    with slow(web, CHUNKED + b"1\r\nx\r\n" * 40_000) as callers:
        assert [web.ask(path).status for path in ("/health/live", "/echo")] == [200, 200]
        for caller in callers:
            caller.send(b"0\r\n\r\n")
        assert {caller.answer().json["length"] for caller in callers} == {40_000}


def test_others_are_answered_while_many_read_slowly(web: Web) -> None:
    with slow(web, LARGE, number=2 * THREADS, receive_buffer=4_096) as callers:
        assert [web.ask(path).status for path in ("/health/live", "/echo")] == [200, 200]
        assert all(caller.socket.recv(12) == b"HTTP/1.1 200" for caller in callers)


def test_others_are_answered_while_many_never_hang_up(web: Web) -> None:
    closing = b"GET /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    with slow(web, closing) as callers:
        assert [web.ask(path).status for path in ("/health/live", "/echo")] == [200, 200]
        assert all(caller.answer().status == 200 for caller in callers)


def test_health_is_answered_while_every_thread_works(web: Web) -> None:
    with slow(web, b"GET /held HTTP/1.1\r\nHost: x\r\n\r\n", number=3 * THREADS) as callers:
        until(lambda: web.held() == THREADS, "work for every thread")
        assert web.ask("/health/live").status == 200
        web.release()
        assert callers[0].answer().json == {"held": True}
