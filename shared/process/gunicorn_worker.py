"""Changes gunicorn's threaded worker so that no client can hold a thread by sending or reading slowly.

A thread gets a request when all of it has arrived, and leaves its answer to the poller. Each part of a connection has its
time, and the connections have a number, those of one address too unless it is a declared proxy: where there is no room, the
one that has waited longest makes it. The health paths have threads of their own. TLS and HTTP/2 are the proxy's.
"""

from __future__ import annotations

import errno
import resource
import selectors
import socket
import time
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from types import FrameType
from typing import Any, Final

import orjson
from gunicorn import util
from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, ThreadWorker

from shared.kernel import ids
from shared.kernel.settings.current import settings
from shared.observability import logs
from shared.process.client_connection import ClientConnection
from shared.web import health
from shared.web.application import LARGEST_BODY

log = logs.get(__name__)

LOOK_SECONDS: Final = 0.5  # between two looks for connections whose time is over
FILES_OF_THE_PROCESS: Final = 256  # descriptors beside those of clients
FILES_OF_A_CLIENT: Final = 2  # the connection, and what waits of a body or of an answer
UNFINISHED: Final = ("body", "answer")  # what a worker that stops waits for
_PASSING: Final = (errno.EAGAIN, errno.EWOULDBLOCK, errno.ECONNABORTED)
_NO_FILES: Final = (errno.EMFILE, errno.ENFILE)


class BufferingWorker(ThreadWorker):  # type: ignore[misc]
    """Reads requests and sends answers in the poller; threads only do the work between."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._waiting: dict[ClientConnection, int] = {}  # for what event, in the order in which they began to wait
        self._going_on: deque[ClientConnection] = deque()  # which of these have sent more than one turn takes
        self._of_address: Counter[str] = Counter()
        self._look_at = 0.0
        self._largest_body = 0
        self._own_threads = {path: ThreadPoolExecutor(1, path) for path in health.PATHS}

    def init_process(self) -> None:
        most = settings().web_connections
        self.worker_connections = min(most, _room_for_files(most))
        super().init_process()

    def load_wsgi(self) -> None:
        super().load_wsgi()
        self._largest_body = self.wsgi.extensions.get(LARGEST_BODY, settings().max_body_bytes)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop in good order, and say on `/health/ready` meanwhile that nothing more should come."""
        if self.alive:
            self.method_queue.defer(lambda: health.begin_draining(self.wsgi))
        super().handle_exit(sig, frame)

    def accept(self, listener: socket.socket) -> None:
        try:
            connected, client = listener.accept()
        except OSError as failed:
            if failed.errno in _NO_FILES:
                self._make_room()
            elif failed.errno not in _PASSING:
                raise
            return
        conn = ClientConnection(self.cfg, connected, client, listener.getsockname(), self._largest_body)
        self.nr_conns += 1
        self._of_address[conn.address] += 1
        if self._has_room(conn):
            self._step(conn, self._read)
        else:
            self._refuse(conn, 503, "Service Unavailable")

    def enqueue_req(self, conn: ClientConnection) -> None:
        request = conn.arriving.request
        threads: Any = self._own_threads.get(request.path if request else "", self.tpool)
        threads.submit(self.handle, conn).add_done_callback(
            lambda done: self.method_queue.defer(self.finish_request, conn, done)
        )

    def finish_request(self, conn: ClientConnection, done: Future[Any]) -> None:
        conn.keeps_alive = not done.cancelled() and done.exception() is None and bool(done.result())
        conn.begin("answer")
        self._step(conn, self._send)

    def murder_pending(self) -> None:
        now = time.monotonic()
        if now < self._look_at:
            return
        self._look_at = now + LOOK_SECONDS
        for conn in [conn for conn in self._waiting if conn.is_late(now)]:
            if conn.part in ("header", "body"):
                self._refuse(conn, 408, "Request Timeout")
            else:
                self._drop(conn)

    def murder_keepalived(self, force: bool = False) -> None:
        """End whatever waits at the very end; before that `murder_pending` looks after all."""
        if force:
            for conn in list(self._waiting):
                self._drop(conn)
            for threads in self._own_threads.values():
                threads.shutdown(wait=False)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """Look at all connections, then take a turn's worth of what one of them has sent already."""
        super().wait_for_and_dispatch_events(0 if self._going_on else timeout)
        if self._going_on:
            conn = self._going_on.popleft()
            if conn in self._waiting:
                self._step(conn, lambda conn: self._hand_over_or_wait(conn, whole=conn.take()))

    def _cap_keepalive(self, deadline: float) -> None:
        for conn in self._waiting:
            if conn.part not in UNFINISHED:
                conn.latest = deadline

    def _on_event(self, conn: ClientConnection, _socket: Any) -> None:
        """Go on with a connection on which something happened, unless another one of this round made it give way.

        Of one that has sent more than a turn takes nothing is read before that is taken.
        """
        if conn in self._waiting and not conn.arriving.goes_on:
            steps = {"answer": self._send, "farewell": ClientConnection.drop_input}
            self._step(conn, steps.get(conn.part, self._read))

    def _step(self, conn: ClientConnection, step: Callable[[ClientConnection], None]) -> None:
        try:
            step(conn)
        except OSError:  # the client is gone, or there is no room on the disk for what it sends or does not read
            self._drop(conn)

    def _read(self, conn: ClientConnection) -> None:
        self._hand_over_or_wait(conn, whole=conn.read())

    def _hand_over_or_wait(self, conn: ClientConnection, *, whole: bool) -> None:
        if whole:
            self._stop_waiting(conn)
            self.enqueue_req(conn)
        else:
            self._wait(conn, selectors.EVENT_READ)
            if conn.arriving.goes_on:
                self._going_on.append(conn)

    def _send(self, conn: ClientConnection) -> None:
        if not conn.sock.flush():
            self._wait(conn, selectors.EVENT_WRITE)
            return
        self._stop_waiting(conn)
        if conn.keeps_alive:
            self._hand_over_or_wait(conn, whole=conn.await_next())
        else:
            # a connection that is closed at once may take back what the client has not read
            conn.socket.shutdown(socket.SHUT_WR)
            conn.begin("farewell")
            self._wait(conn, selectors.EVENT_READ)

    def _wait(self, conn: ClientConnection, event: int) -> None:
        if self._waiting.get(conn) == event:
            return
        if not self.alive and conn.part not in UNFINISHED:
            conn.latest = min(conn.latest, time.monotonic() + STOP_KEEPALIVE_LINGER)
        self._stop_waiting(conn)
        self._waiting[conn] = event
        self.poller.register(conn.socket, event, partial(self._on_event, conn))

    def _stop_waiting(self, conn: ClientConnection) -> None:
        if self._waiting.pop(conn, None) is not None:
            self.poller.unregister(conn.socket)

    def _refuse(self, conn: ClientConnection, status: int, reason: str) -> None:
        with suppress(OSError):
            write_problem(conn.sock, status, reason, "")
        self._drop(conn)

    def _drop(self, conn: ClientConnection) -> None:
        self._stop_waiting(conn)
        with suppress(OSError):
            conn.close()
        self.nr_conns -= 1
        self._of_address[conn.address] -= 1
        if not self._of_address[conn.address]:
            del self._of_address[conn.address]

    def _has_room(self, conn: ClientConnection) -> bool:
        """Return whether one more may be there; where needed the one that has waited longest is ended for it."""
        most = settings().web_connections_per_address
        if conn.address and self._of_address[conn.address] > most:
            return self._make_room(conn.address)
        return self.nr_conns < self.worker_connections or self._make_room()

    def _make_room(self, address: str | None = None) -> bool:
        """End the connection that has waited longest, of those that still send before those that read."""
        waiting = [conn for conn in self._waiting if address is None or conn.address == address]
        ended = next((conn for conn in waiting if conn.part != "answer"), waiting[0] if waiting else None)
        if ended is not None:
            self._drop(ended)
        return ended is not None


def write_problem(sock: Any, status: int, _reason: str, detail: str) -> None:
    """Answer what never reaches the application as the API's document has it; gunicorn would write a page."""
    request_id, phrase = str(ids.new()), HTTPStatus(status).phrase
    log.info("request not read", request=request_id, status=status)
    document = {"type": "/problems/http-error", "title": phrase, "status": status, "request_id": request_id}
    body = orjson.dumps(document | {"detail": detail or phrase})
    head = (
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nConnection: close\r\n"
        f"Content-Type: application/problem+json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    util.write_nonblock(sock, head.encode() + body)


util.write_error = write_problem  # gunicorn's workers call it by this name


def _room_for_files(connections: int) -> int:
    """Return how many connections the process has files for, after it has asked for as many as it needs."""
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = connections * FILES_OF_A_CLIENT + FILES_OF_THE_PROCESS
    if allowed < needed:
        allowed = needed if most == resource.RLIM_INFINITY else min(needed, most)
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, most))
    return max(1, (allowed - FILES_OF_THE_PROCESS) // FILES_OF_A_CLIENT)
