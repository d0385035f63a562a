"""Puts a request together from the bytes that have arrived, without waiting for any that have not.

gunicorn's own parser reads the head once it is whole, so there is one opinion on what a request says. The body is collected
until its end, in memory and beyond a size in a temporary file. A body larger than anything takes is cut: the application is
told what was announced, or given more than it may take, and refuses it; nothing is read behind it. A body in chunks costs
its chunks, however little they hold: so many are taken of one body, and so many in one turn, since the poller that takes
them has all the other connections too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO, Any, Final

from gunicorn.http.body import Body, ChunkedReader, LengthReader
from gunicorn.http.errors import (
    ChunkMissingTerminator,
    InvalidChunkSize,
    LimitRequestHeaders,
    NoMoreData,
)
from gunicorn.http.message import Request
from gunicorn.http.unreader import IterUnreader, Unreader

LARGEST_HEAD: Final = 65_536
CHUNKS_AT_ONCE: Final = 256  # are taken before other connections have their turn: about a millisecond of work
_NEVER_ENDS: Final = re.compile(rb"(?<!\r)\n")  # a head with a line of another end: the parser says so at once
_LAST_CHUNK: Final = re.compile(rb"0+[ \t]*(;|\r\n)")
_END: Final = b"\r\n"


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """How many bytes a body may have, and how many are in memory; its chunks, and the bytes that only frame them."""

    largest: int
    in_memory: int
    chunks: int
    framing: int


class ArrivingRequest:
    """The request that a connection is sending. `request` is there once its head is, `whole` when all of it is.

    `goes_on` says that more of what has come is left than one turn takes: `feed` is to be called again, with nothing.
    """

    def __init__(self, config: Any, client: Any, number: int, limits: BodyLimits) -> None:
        self._config, self._client, self._number = config, client, number
        self._limits = limits
        self._buffer = bytearray()
        self._body = bytearray()
        self._file: IO[bytes] | None = None  # for a body that is too large for memory
        self._framing: _SizedBody | _ChunkedBody = _SizedBody(0)
        self.request: Any = None
        self.refusal: Exception | None = None
        self.size = 0  # of the body, as far as it has come
        self.cut = False
        self.whole = False

    @property
    def goes_on(self) -> bool:
        return self._framing.paused and not self.whole

    @property
    def begun(self) -> bool:
        return bool(self._buffer) or self.request is not None

    def feed(self, data: bytes) -> bool:
        """Add what has arrived; return whether a thread can have the request, or `refusal` says why it is none."""
        searched = max(0, len(self._buffer) - len(b"\r\n\r"))
        self._buffer += data
        try:
            if self.request is None and not self._read_head(searched):
                return False
            return self._read_body()
        except Exception as refused:  # noqa: BLE001 - at the boundary: whatever it is, a thread tells the client, not the poller
            self.refusal, self.cut, self.whole = refused, True, True
            return True

    def awaits_body(self) -> bool:
        """Return whether the caller waits for `100 Continue` before it sends the body. True once."""
        if self.request is None or not self.request._expected_100_continue:  # noqa: SLF001 - gunicorn has no other name
            return False
        self.request._expected_100_continue = False  # noqa: SLF001 - so that gunicorn does not say it again
        return not self.whole

    def following(self) -> ArrivingRequest:
        """Return the next request of the connection, with what of it has come already."""
        next_request = ArrivingRequest(self._config, self._client, self._number + 1, self._limits)
        next_request.feed(bytes(self._buffer))
        return next_request

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def _read_head(self, searched: int) -> bool:
        buffer = self._buffer
        if (
            buffer.find(b"\r\n\r\n", searched) < 0
            and not _NEVER_ENDS.search(buffer, searched)
            and len(buffer) <= LARGEST_HEAD
        ):
            return False
        unreader = IterUnreader([bytes(self._buffer)])
        try:
            self.request = Request(self._config, unreader, self._client, self._number)
        except NoMoreData:
            raise LimitRequestHeaders("limit request headers size") from None
        self._buffer = bytearray(unreader.take_buffered())
        reader = self.request.body.reader
        chunked = isinstance(reader, ChunkedReader)
        self._framing = _ChunkedBody(self.request, self._limits) if chunked else _SizedBody(reader.length)
        return True

    def _read_body(self) -> bool:
        framing = self._framing
        self.cut = framing.announced > self._limits.largest
        if not self.cut:
            for part in framing.take(self._buffer):
                self._keep(part)
                if self.size > self._limits.largest:
                    self.cut = True
                    break
        if not (self.cut or framing.ended):
            return False
        self.whole = True
        if self.cut:
            self.request.force_close()
        if self._file is not None:
            self._file.seek(0)
        unreader = IterUnreader([bytes(self._body)]) if self._file is None else _FileUnreader(self._file)
        self.request.body = Body(LengthReader(unreader, self.size))
        return True

    def _keep(self, part: bytes) -> None:
        self.size += len(part)
        if self._file is None and self.size > self._limits.in_memory:
            self._file = TemporaryFile()  # noqa: SIM115 - closed with the request
            self._file.write(self._body)
        if self._file is None:
            self._body += part
        else:
            self._file.write(part)


class _FileUnreader(Unreader):  # type: ignore[misc]
    """Reads a body that has arrived, for gunicorn's readers."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__()
        self._file = file

    def chunk(self, size_hint: int | None = None) -> bytes:
        return self._file.read(size_hint or LARGEST_HEAD)


class _SizedBody:
    """Takes in a body of a known length."""

    paused: Final = False

    def __init__(self, length: int) -> None:
        self.announced = self._missing = length

    @property
    def ended(self) -> bool:
        return self._missing == 0

    def take(self, buffer: bytearray) -> Iterator[bytes]:
        part = bytes(buffer[: self._missing])
        del buffer[: len(part)]
        self._missing -= len(part)
        if part:
            yield part


class _ChunkedBody:
    """Takes in a body in chunks, of which gunicorn's reader judges each line of a size and the trailers."""

    announced: Final = 0

    def __init__(self, request: Any, limits: BodyLimits) -> None:
        self._chunks_left, self._framing_left = limits.chunks, limits.framing
        self.paused = False
        self._unreader = IterUnreader([])
        self._reader = ChunkedReader(request, self._unreader)
        self._missing = 0  # of the chunk, with the line end behind it
        self.ended = False

    def take(self, buffer: bytearray) -> Iterator[bytes]:
        """Yield what of the body has come, of so many chunks; `paused` says whether others may be there."""
        stop_at = self._chunks_left - CHUNKS_AT_ONCE
        self.paused = False
        while not self.ended:
            if self._missing > len(_END):
                part = bytes(buffer[: self._missing - len(_END)])
                del buffer[: len(part)]
                self._missing -= len(part)
                if part:
                    yield part
            if self._missing:
                if self._missing > len(_END) or len(buffer) < len(_END):
                    return
                if not buffer.startswith(_END):
                    raise ChunkMissingTerminator(bytes(buffer[:2]))
                del buffer[: len(_END)]
                self._missing = 0
            if self._chunks_left == stop_at:
                self.paused = True
                return
            if not self._next_chunk(buffer):
                return

    def _next_chunk(self, buffer: bytearray) -> bool:
        end = buffer.find(_END) + len(_END)
        if end < len(_END):
            if len(buffer) > LARGEST_HEAD:
                raise InvalidChunkSize(b"a line without an end")
            return False
        last = _LAST_CHUNK.match(buffer)
        if last and not (buffer.startswith(_END, end) or b"\r\n\r\n" in buffer):
            if len(buffer) > LARGEST_HEAD:
                raise LimitRequestHeaders("limit request trailer section size")
            return False
        self._chunks_left -= 1
        self._framing_left -= end + len(_END)
        if self._chunks_left < 0 or self._framing_left < 0:
            raise InvalidChunkSize(b"too many chunks for one body")
        size, rest = self._reader.parse_chunk_size(self._unreader, bytes(buffer if last else buffer[:end]))
        if size == 0:
            self.ended = True
            buffer[:] = self._unreader.take_buffered()
        else:
            del buffer[:end]
            self._missing = size + len(_END)
        del rest
        return True
