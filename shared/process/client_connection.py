"""Keeps a client's connection: what has arrived of its request, what is unsent of its answer, and when it is given up."""

from __future__ import annotations

import socket
from time import monotonic
from typing import Any, Final, Literal

from gunicorn.workers.gthread import TConn

from shared.access.addresses import customer_of, is_proxy
from shared.kernel.settings.current import settings
from shared.process.arriving_request import ArrivingRequest, BodyLimits
from shared.process.unsent_answer import UnsentAnswer

AT_ONCE: Final = 262_144  # bytes that are read before other connections have their turn
# after the last answer what still comes is dropped, so that the client comes to read: nginx's lingering_timeout and _time
SILENT_FAREWELL, LONGEST_FAREWELL = 5.0, 30.0

Part = Literal["idle", "header", "body", "answer", "farewell"]


class ClientConnection(TConn):  # type: ignore[misc]
    """A client's connection. `part` is what the poller waits for: a request or its rest, the client to read, or to hang up."""

    def __init__(self, config: Any, connected: socket.socket, client: Any, server: Any, largest_body: int) -> None:
        super().__init__(config, connected, client, server)
        allowed = settings()
        self.socket, self.sock = connected, UnsentAnswer(connected, allowed.web_buffer_bytes)
        peer = client[0] if isinstance(client, tuple) else ""  # a local socket's peer has no address
        self.address = "" if is_proxy(peer) else customer_of(peer)  # to whom it is counted; a proxy's is to nobody
        limits = BodyLimits(largest_body, allowed.web_buffer_bytes, allowed.web_chunks, allowed.web_chunk_framing_bytes)
        self.arriving = ArrivingRequest(config, client, 1, limits)
        self.initialized, self.parser = True, self  # nothing is left to set up, and gunicorn asks this for the request
        self.keeps_alive = False
        self.latest = float("inf")
        self._dropped = 0
        self.part: Part = "header"
        self.begin("header")

    def __next__(self) -> Any:
        if self.arriving.refusal is not None:
            raise self.arriving.refusal
        return self.arriving.request

    def finish_body(self, deadline: float) -> bool:
        """Return whether it is known where this request ended and the next begins."""
        del deadline
        return not self.arriving.cut

    def begin(self, part: Part) -> None:
        self.part, self._began_at = part, monotonic()
        self._count_at_start = self._last_count = self._bytes_moved()
        self._last_moved_at = self._began_at

    def read(self) -> bool:
        """Take what has arrived: True when a thread can have the request. Raises `OSError` where the client has hung up."""
        data = self._received()
        return bool(data) and self.take(data)

    def take(self, data: bytes = b"") -> bool:
        arriving = self.arriving
        whole = arriving.feed(data)
        if arriving.awaits_body():
            self.sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        part: Part = "body" if arriving.request is not None else "header" if arriving.begun else "idle"
        if not whole and part != self.part:
            self.begin(part)
        return whole

    def await_next(self) -> bool:
        """Begin to wait for the next request, as the answer is sent; return whether it has come with the last one."""
        self.arriving.close()
        self.arriving = self.arriving.following()
        return self.take()

    def drop_input(self) -> None:
        """Read and forget. Raises `OSError` where the client has hung up."""
        self._dropped += len(self._received())

    def is_late(self, now: float) -> bool:
        """Return whether the client has been silent for too long, or has moved too little in its time."""
        count = self._bytes_moved()
        if count != self._last_count:
            self._last_count, self._last_moved_at = count, now
        silence, longest = self._seconds_allowed(count - self._count_at_start)
        return now > min(self._last_moved_at + silence, self._began_at + longest, self.latest)

    def close(self, graceful: bool = False) -> None:
        del graceful  # gunicorn would wait for the client here
        self.socket.close()
        self.sock.discard()
        self.arriving.close()

    def _received(self) -> bytes:
        try:
            data = self.socket.recv(AT_ONCE)
        except BlockingIOError:
            return b""
        if not data:
            raise ConnectionResetError
        return data

    def _bytes_moved(self) -> int:
        return {"body": self.arriving.size, "answer": self.sock.sent, "farewell": self._dropped}.get(self.part, 0)

    def _seconds_allowed(self, moved: int) -> tuple[float, float]:
        """Return the seconds allowed without a byte, and in all."""
        config = settings()
        if self.part == "farewell":
            return SILENT_FAREWELL, LONGEST_FAREWELL
        if self.part in ("body", "answer"):
            return config.web_transfer_seconds, config.web_transfer_seconds + moved / config.web_transfer_rate
        seconds = float(self.cfg.keepalive) if self.part == "idle" else config.web_header_seconds
        return seconds, seconds
