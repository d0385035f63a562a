"""HTTP load from a few kept connections that each wait for their answer, as cheap for the machine as Python allows."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable

CONNECTIONS = 4
LIMIT_SECONDS = 20.0
CHUNK = 65_536


class Unexpected(RuntimeError):
    """An answer that is not the one that is measured."""


class Line:
    """One kept connection."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), LIMIT_SECONDS)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> bytes:
        """Send a request, read its whole answer; returns the head."""
        self._socket.sendall(request)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self._more()
        head, _, body = answer.partition(b"\r\n\r\n")
        lengths = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        while len(body) < int(lengths[0]):
            body += self._more()
        if not head.startswith(b"HTTP/1.1 201"):
            raise Unexpected((head + b"\n" + body)[:800].decode(errors="replace"))
        return head

    def _more(self) -> bytes:
        chunk = self._socket.recv(CHUNK)
        if not chunk:
            raise Unexpected("the connection was closed")
        return chunk

    def close(self) -> None:
        self._socket.close()


def post(path: str, body: bytes, headers: dict[str, str]) -> bytes:
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    ]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def answers_per_second(port: int, request: Callable[[], bytes], seconds: float) -> float:
    counts, failures = [0] * CONNECTIONS, list[BaseException]()
    began = time.monotonic()
    until = began + seconds

    def ask(number: int) -> None:
        line = Line(port)
        try:
            while time.monotonic() < until:
                line.ask(request())
                counts[number] += 1
        except (OSError, Unexpected) as failure:
            failures.append(failure)
        finally:
            line.close()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return sum(counts) / (time.monotonic() - began)
