"""HTTP as clients speak it, over a real socket: kept connections, bodies in every form, limits, and a graceful end."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator

import psutil
import pytest

from tests.support.plain_app import LARGEST
from tests.support.waiting import until
from tests.support.web_process import Caller, Web, serving
from tests.support.wire_requests import GET, chunked, post


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    with serving(tmp_path_factory.mktemp("web")) as running:
        yield running


@pytest.fixture
def caller(web: Web) -> Caller:
    return web.caller()


@pytest.fixture(autouse=True)
def _hanging_up(web: Web) -> Iterator[None]:
    yield
    web.hang_up()


def hashed(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def test_a_connection_is_kept_for_further_requests(caller: Caller) -> None:
    for number in range(5):
        caller.send(post(b"x" * number))
        assert caller.answer().json["length"] == number


def test_requests_that_come_together_are_answered_in_order(caller: Caller) -> None:
    caller.send(b"".join([post(b"ab"), chunked(b"abc", b"d"), GET, post(b""), chunked(), post(b"abcde")]) + GET[:9])
    assert [caller.answer().json["length"] for _ in range(6)] == [2, 4, 0, 0, 0, 5]
    caller.send(GET[9:])
    assert caller.answer().json["method"] == "GET"


@pytest.mark.parametrize("size", [1, 70_000, 262_144, 262_145, 5_000_000])
def test_a_body_of_any_size_arrives_whole(caller: Caller, size: int) -> None:
    body = os.urandom(size)
    for sent in (post(body), chunked(*(body[place : place + 60_001] for place in range(0, size, 60_001)))):
        caller.send(sent)
        told = caller.answer().json
        assert (told["length"], told["sha256"]) == (size, hashed(body))


def test_chunks_may_have_extensions_and_trailers(caller: Caller) -> None:
    caller.send(chunked(b"ab", b"c" * 300, extension=b';a="b c"', trailer=b"X-Sum: 1\r\nX-More: 2\r\n") + GET)
    assert caller.answer().json["length"] == 302
    assert caller.answer().json["method"] == "GET"


def test_requests_may_come_a_byte_at_a_time(caller: Caller) -> None:
    for byte in chunked(b"ab", b"cde", trailer=b"X-Sum: 1\r\n") + post(b"xyz"):
        caller.send(bytes([byte]))
    assert caller.answer().json["sha256"] == hashed(b"abcde")
    assert caller.answer().json["sha256"] == hashed(b"xyz")


def test_who_asks_before_sending_a_body_is_told_to_go_on(caller: Caller) -> None:
    caller.send(post(b"", length=3, Expect="100-continue"))
    assert caller.answer().status == 100
    caller.send(b"abc")
    assert caller.answer().json["length"] == 3
    caller.send(post(b"abc", Expect="100-continue"))  # and who does not wait is not told
    assert caller.answer().json["length"] == 3
    caller.send(GET)
    assert caller.answer().json["method"] == "GET"


def test_who_asks_before_sending_too_much_is_refused_at_once(caller: Caller) -> None:
    caller.send(post(b"", length=LARGEST + 1, Expect="100-continue"))
    answer = caller.answer()
    assert (answer.status, answer.headers["connection"]) == (413, "close")
    assert caller.ended()


def test_too_large_a_body_is_refused_and_not_read_to_its_end(caller: Caller) -> None:
    caller.send(post(b"x" * 1000, length=LARGEST + 1))
    answer = caller.answer()
    assert (answer.status, answer.headers["connection"]) == (413, "close")
    assert caller.ended()


def test_who_goes_on_sending_comes_to_read_the_refusal(web: Web, caller: Caller) -> None:
    caller.send(post(b"x" * (LARGEST + 5_000_000)))
    assert caller.answer().status == 413
    assert web.ask("/echo").status == 200


def test_chunks_without_an_end_are_cut_where_nothing_takes_more(caller: Caller) -> None:
    head, _, _ = chunked().partition(b"0\r\n")
    caller.send(head)
    part = b"%x\r\n%s\r\n" % (1_000_000, b"x" * 1_000_000)
    for _ in range(LARGEST // 1_000_000 + 1):
        caller.send(part)
    answer = caller.answer()
    assert (answer.status, answer.headers["connection"]) == (413, "close"), answer.body[:200]
    assert caller.ended()


def test_a_body_that_is_not_looked_at_is_not_the_next_request(caller: Caller) -> None:
    caller.send(post(GET * 3_000, "/unread") + GET)
    assert caller.answer().json == {"body": "not looked at"}
    assert caller.answer().json["method"] == "GET"


def test_a_client_may_end_its_side_before_it_reads(caller: Caller) -> None:
    caller.send(post(b"abc"))
    caller.socket.shutdown(1)
    assert caller.answer().json["length"] == 3
    assert caller.ended()


@pytest.mark.parametrize("head", [b"GET /echo HTTP/1.0\r\n\r\n", GET[:-2] + b"Connection: close\r\n\r\n"])
def test_the_connection_ends_with_the_answer_where_it_is_not_to_be_kept(caller: Caller, head: bytes) -> None:
    caller.send(head + GET)
    assert caller.answer().headers["connection"] == "close"
    assert caller.ended()


MALFORMED: dict[str, tuple[bytes, int]] = {
    "no request": (b"hello\r\n\r\n", 400),
    "line feeds": (b"GET /echo HTTP/1.1\nHost: x\n\n", 400),
    "a line feed in the header": (b"GET /echo HTTP/1.1\r\nHost: x\nX: y\r\n\r\n", 400),
    "an unknown version": (b"GET /echo HTTP/3.0\r\n\r\n", 400),
    "a method that is none": (b"get /echo HTTP/1.1\r\n\r\n", 400),
    "no path": (b"GET  HTTP/1.1\r\n\r\n", 400),
    "a header without a name": (b"GET /echo HTTP/1.1\r\n: x\r\n\r\n", 400),
    "a space before the colon": (b"GET /echo HTTP/1.1\r\nHost : x\r\n\r\n", 400),
    "a folded header": (b"GET /echo HTTP/1.1\r\nX: y\r\n z\r\n\r\n", 400),
    "two hosts": (b"GET /echo HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400),
    "a NUL": (b"GET /echo HTTP/1.1\r\nX: \0\r\n\r\n", 400),
    "two lengths": (b"POST /echo HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx", 400),
    "a negative length": (b"POST /echo HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
    "a length in hexadecimal": (b"POST /echo HTTP/1.1\r\nContent-Length: 0x1\r\n\r\nx", 400),
    "a length and chunks": (
        b"POST /echo HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        400,
    ),
    "chunks twice": (b"POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", 400),
    "chunks and then more": (b"POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 400),
    "chunks in 1.0": (b"POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    "an unknown coding": (b"POST /echo HTTP/1.1\r\nTransfer-Encoding: zip\r\n\r\n", 501),
    "an unknown expectation": (b"GET /echo HTTP/1.1\r\nExpect: tea\r\n\r\n", 417),
    "a chunk of no size": (chunked()[:-5] + b"\r\nab\r\n0\r\n\r\n", 400),
    "a chunk of a negative size": (chunked()[:-5] + b"-1\r\nab\r\n0\r\n\r\n", 400),
    "a size with a space": (chunked()[:-5] + b"2 \r\nab\r\n0\r\n\r\n", 400),
    "a chunk longer than its size": (chunked()[:-5] + b"2\r\nabc\r\n0\r\n\r\n", 400),
    "a bad extension": (chunked()[:-5] + b"2;\xff\r\nab\r\n0\r\n\r\n", 400),
    "a length as trailer": (chunked(b"ab", trailer=b"Content-Length: 9\r\n"), 400),
    "a line without an end": (chunked()[:-5] + b"0" * 70_000, 400),
    "a long address": (b"GET /" + b"x" * 5_000 + b" HTTP/1.1\r\n\r\n", 414),
    "a longer address": (b"GET /" + b"x" * 80_000, 414),
    "a long header": (b"GET /echo HTTP/1.1\r\nX: " + b"y" * 20_000 + b"\r\n\r\n", 431),
    "a header without an end": (b"GET /echo HTTP/1.1\r\nX: " + b"y" * 80_000, 431),
    "many headers": (b"GET /echo HTTP/1.1\r\n" + b"X: y\r\n" * 2_000 + b"\r\n", 431),
    "chunks of a byte each": (chunked()[:-5] + b"1\r\nx\r\n" * 20_000, 400),
    "extensions larger than the body": (chunked(*[b"x"] * 300, extension=b";" + b"y" * 1_000), 400),
    "trailers without an end": (chunked()[:-2] + b"X: y\r\n" * 20_000, 431),
}


@pytest.mark.parametrize("kind", MALFORMED)
def test_what_is_no_request_is_refused_and_the_connection_ends(caller: Caller, kind: str) -> None:
    sent, status = MALFORMED[kind]
    caller.send(sent)
    answer = caller.answer()
    assert (answer.status, answer.headers["connection"]) == (status, "close")
    assert answer.headers["content-type"] == "application/problem+json"
    told = json.loads(answer.body)
    assert (told["status"], told["type"]) == (status, "/problems/http-error")
    assert told.keys() == {"type", "title", "status", "detail", "request_id"}, "as the API's document describes it"
    assert caller.ended()


def test_nothing_is_left_of_what_has_ended(web: Web) -> None:
    process = psutil.Process(_serving(web))
    until(lambda: not [one for one in process.net_connections("tcp") if one.status == "ESTABLISHED"], "their end")
    assert process.num_fds() < 40


def _serving(web: Web) -> int:
    """The process of the worker."""
    (worker,) = psutil.Process(web.process.pid).children()
    return worker.pid
