"""However its bytes are cut, a request is the one that gunicorn reads of the whole, and what follows it is left alone."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest
from gunicorn.config import Config
from gunicorn.http.errors import InvalidChunkSize, NoMoreData, ParseException
from gunicorn.http.parser import RequestParser
from hypothesis import example, given
from hypothesis import strategies as st

from shared.process.arriving_request import CHUNKS_AT_ONCE, ArrivingRequest, BodyLimits

CLIENT = ("192.0.2.1", 1)
LARGEST, IN_MEMORY = 300, 50
LIMITS = BodyLimits(LARGEST, IN_MEMORY, chunks=4_096, framing=65_536)
CONFIG = Config()

sizes = st.sampled_from(
    [b"0", b"1", b"3", b"00A", b"c8", b"12c", b"12d", b"fff", b"-1", b"", b"g", b"3 ", b"1;a=b", b"2;\xff"]
)
chunks = st.builds(
    lambda size, data, end: size + b"\r\n" + data + end,
    sizes,
    st.binary(max_size=320),
    st.sampled_from([b"\r\n", b"\n", b"", b"\r\nX"]),
)
good_chunks = st.builds(lambda data: b"%x\r\n%s\r\n" % (len(data), data), st.binary(min_size=1, max_size=400))
trailers = st.sampled_from(
    [b"\r\n", b"X: y\r\n\r\n", b"X: y\r\nZ: w\r\n\r\n", b"Host: x\r\n\r\n", b"", b"X\n\n", b"X: y\r\n"]
)
bodies = st.one_of(
    st.builds(
        lambda parts, last, trailer: b"Transfer-Encoding: chunked\r\n\r\n" + b"".join(parts) + last + trailer,
        st.lists(good_chunks | chunks, max_size=4),
        st.sampled_from([b"0\r\n", b"000\r\n", b"0;x\r\n", b"0 \r\n", b""]),
        trailers,
    ),
    st.builds(
        lambda length, data: b"Content-Length: %s\r\n\r\n%s" % (length, data),
        st.sampled_from([b"0", b"5", b"299", b"300", b"301", b"+1", b"1x", b""]),
        st.binary(max_size=400),
    ),
    st.just(b"\r\n"),
)
heads = st.builds(
    lambda start, line, lines: start + line + b"\r\n" + b"".join(lines),
    st.sampled_from([b"", b"\r\n", b"\r\n\r\n", b"\n"]),
    st.sampled_from(
        [b"POST /a HTTP/1.1", b"GET /b?c=d HTTP/1.0", b"POST  HTTP/1.1", b"PUT /" + b"x" * 4_095 + b" HTTP/1.1"]
    ),
    st.lists(
        st.sampled_from([b"Host: x\r\n", b"A: b\r\n", b"C : d\r\n", b"E: f\n", b"Expect: tea\r\n", b" g\r\n"]),
        max_size=3,
    ),
)
streams = st.builds(lambda *parts: b"".join(parts), heads, bodies, st.binary(max_size=20) | heads)


def read_whole(data: bytes) -> tuple[Any, ...]:
    """What gunicorn makes of it, with the body read to its end: a request, a refusal, or that more must come."""
    parser = RequestParser(CONFIG, [data], CLIENT)
    try:
        request = next(parser)
        announced = getattr(request.body.reader, "length", 0)
        body = request.body.read()
    except NoMoreData:
        return ("more",)
    except StopIteration:
        return ("refused",)
    except ParseException:
        return ("refused",)  # of two faults, which is told depends on what has come
    if len(body) < announced:
        return ("more",)
    return (
        "request",
        request.method,
        request.uri,
        request.headers,
        request.trailers,
        body,
        parser.unreader.take_buffered(),
    )


def read_in_parts(parts: Sequence[bytes]) -> tuple[Any, ...]:
    arriving = ArrivingRequest(CONFIG, CLIENT, 1, LIMITS)
    rest = list(parts)
    while rest:
        if arriving.feed(rest.pop(0)):
            break
    try:
        if arriving.refusal is not None:
            return ("refused",)
        if not arriving.whole:
            return ("more",)
        request = arriving.request
        if arriving.cut:
            return ("cut", request.should_close())
        left = bytes(arriving._buffer) + b"".join(rest)
        return ("request", request.method, request.uri, request.headers, request.trailers, request.body.read(), left)
    finally:
        arriving.close()


@given(streams, st.lists(st.integers(min_value=0, max_value=900), max_size=8))
@example(
    b"POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\nGET", [50, 51, 52, 53, 54, 55, 56, 57]
)
@example(b"POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", [])
@example(b"POST /a HTTP/1.1\r\nContent-Length: 301\r\n\r\n", [])
def test_bytes_cut_anywhere_are_the_same_request(data: bytes, cuts: list[int]) -> None:
    places = [0, *sorted(cut for cut in cuts if cut < len(data)), len(data)]
    found = read_in_parts([data[start:end] for start, end in pairwise(places) if start < end])
    whole = read_whole(data)
    if found[0] == "cut":
        assert found[1:] == (True,)
    elif found[0] == "more":
        # of what has not come to its end gunicorn may already know that it is wrong
        assert whole[0] in ("more", "refused"), whole
    else:
        assert found == whole


FRAMED = {
    "counted": b"Content-Length: 250\r\n\r\n" + b"x" * 250,
    "in chunks": b"Transfer-Encoding: chunked\r\n\r\nfa\r\n" + b"x" * 250 + b"\r\n0\r\n\r\n",
}


@pytest.mark.parametrize("framed", FRAMED.values(), ids=FRAMED)
def test_a_body_beyond_what_memory_is_given_to_it_waits_in_a_file(framed: bytes) -> None:
    arriving = ArrivingRequest(CONFIG, CLIENT, 1, LIMITS)
    assert arriving.feed(b"POST / HTTP/1.1\r\n" + framed)
    assert arriving._file is not None
    assert arriving.request.body.read() == b"x" * 250
    arriving.close()


IN_CHUNKS = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
ENOUGH = BodyLimits(largest=1_000_000, in_memory=IN_MEMORY, chunks=10 * CHUNKS_AT_ONCE, framing=65_536)


@pytest.mark.parametrize("count", [CHUNKS_AT_ONCE - 1, CHUNKS_AT_ONCE, CHUNKS_AT_ONCE + 1, 10 * CHUNKS_AT_ONCE - 1])
def test_a_turn_takes_so_many_chunks_and_the_next_goes_on(count: int) -> None:
    arriving = ArrivingRequest(CONFIG, CLIENT, 1, ENOUGH)
    whole = arriving.feed(IN_CHUNKS + b"1\r\nx\r\n" * count + b"0\r\n\r\nGET")
    turns, taken = [arriving.size], arriving.size
    while arriving.goes_on:
        whole = arriving.feed(b"")
        turns.append(arriving.size - taken)
        taken = arriving.size
    assert max(turns) <= CHUNKS_AT_ONCE
    assert (whole, arriving.refusal, arriving.request.body.read()) == (True, None, b"x" * count)
    assert bytes(arriving._buffer) == b"GET"
    arriving.close()


TOO_MUCH_FRAMING = {
    "chunks": b"1\r\nx\r\n" * 10 * CHUNKS_AT_ONCE + b"0\r\n\r\n",
    "extensions": b"1;%s\r\nx\r\n" % (b"y" * 1_000) * 66,
}


@pytest.mark.parametrize("sent", TOO_MUCH_FRAMING.values(), ids=TOO_MUCH_FRAMING)
def test_a_body_that_is_mostly_its_framing_is_refused(sent: bytes) -> None:
    arriving = ArrivingRequest(CONFIG, CLIENT, 1, ENOUGH)
    arriving.feed(IN_CHUNKS + sent)
    while arriving.goes_on:
        arriving.feed(b"")
    assert isinstance(arriving.refusal, InvalidChunkSize)
    assert (arriving.cut, arriving.whole) == (True, True)
    arriving.close()
