"""A real gunicorn process under the platform's configuration, and callers that send what they like."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from shared.kernel.service import ROOT
from tests.support.engines import free_port
from tests.support.waiting import until

PLAIN = "tests.support.plain_app:app"
THREADS = 6
RELEASED = "released"


class Answer:
    """The parts of an answer, read to the end that it announces or to the end of the connection."""

    def __init__(self, raw: bytes) -> None:
        head, _, self.body = raw.partition(b"\r\n\r\n")
        status, *lines = head.decode("latin-1").split("\r\n")
        self.status = int(status.split(" ", 2)[1])
        self.headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Caller:
    """One connection."""

    def __init__(self, port: int, seconds: float = 30.0, receive_buffer: int = 0) -> None:
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(seconds)
        try:
            self.socket.connect(("127.0.0.1", port))
        except OSError:
            self.socket.close()
            raise
        self._rest = b""

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def answer(self) -> Answer:
        """The next answer. Raises `EOFError` where the connection ends before one begins."""
        data = self._rest
        while b"\r\n\r\n" not in data:
            data += self._more(data)
        head, _, body = data.partition(b"\r\n\r\n")
        if head.startswith(b"HTTP/1.1 100"):
            self._rest = body
            return Answer(head + b"\r\n\r\n")
        lines = head.lower().split(b"\r\n")
        lengths = [int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length:")]
        if lengths:
            while len(body) < lengths[0]:
                body += self._more(body)
            self._rest = body[lengths[0] :]
            return Answer(head + b"\r\n\r\n" + body[: lengths[0]])
        content = b""
        while True:
            while b"\r\n" not in body:
                body += self._more(body)
            size, _, body = body.partition(b"\r\n")
            wanted = int(size, 16) + 2
            while len(body) < wanted:
                body += self._more(body)
            content, body = content + body[: wanted - 2], body[wanted:]
            if wanted == len(b"\r\n"):
                self._rest = body
                return Answer(head + b"\r\n\r\n" + content)

    def ended(self) -> bool:
        """Whether the other side has closed the connection and says nothing more."""
        try:
            return self.socket.recv(65_536) == b""
        except ConnectionResetError:
            return True

    def _more(self, before: bytes) -> bytes:
        data = self.socket.recv(65_536)
        if not data:
            raise EOFError(before[:200])
        return data

    def close(self) -> None:
        self.socket.close()


@dataclass
class Web:
    port: int
    process: subprocess.Popen[bytes]
    log: Path
    opened: list[Caller] = field(default_factory=list)

    def caller(self, seconds: float = 30.0, receive_buffer: int = 0) -> Caller:
        """A connection until `hang_up` or the end of the process."""
        self.opened.append(Caller(self.port, seconds, receive_buffer))
        return self.opened[-1]

    def hang_up(self) -> None:
        for caller in self.opened:
            caller.close()
        self.opened.clear()

    def ask(self, path: str, seconds: float = 30.0, body: bytes | None = None) -> Answer:
        """A request of a connection of its own."""
        caller = Caller(self.port, seconds)
        try:
            length = f"Content-Length: {len(body)}\r\n" if body is not None else ""
            method = "GET" if body is None else "POST"
            caller.send(f"{method} {path} HTTP/1.1\r\nHost: x\r\n{length}Connection: close\r\n\r\n".encode())
            if body:
                caller.send(body)
            return caller.answer()
        finally:
            caller.close()

    def held(self) -> int:
        """How many requests the plain application has begun to hold."""
        return self.log.read_text(errors="replace").splitlines().count("held")

    def release(self) -> None:
        """Let the plain application answer what it holds."""
        (self.log.parent / RELEASED).touch()

    def wait_for_nobody(self) -> None:
        """Wait until no connection is open."""
        (worker,) = psutil.Process(self.process.pid).children()
        until(lambda: all(one.status == "LISTEN" for one in worker.net_connections("tcp")), "an end of all connections")

    def stop(self, seconds: float = 30.0) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)


def holding(folder: Path) -> dict[str, str]:
    """The variables by which `/held` of a process in this folder is held until `release`."""
    return {"HELD_UNTIL": str(folder / RELEASED)}


@contextmanager
def serving(folder: Path, application: str = PLAIN, service: str = "enrollment", **variables: str) -> Iterator[Web]:
    """A web process until the end of the block."""
    port, log = free_port(), folder / "web.log"
    environment = {
        **os.environ, "SCORE_SERVICE": service, f"SCORE_{service.upper()}_PORT": str(port),
        "SCORE_WEB_THREADS": str(THREADS), **variables,
    }  # fmt: skip
    command = [sys.executable, "-m", "gunicorn", "-c", "python:shared.process.gunicorn_config", application]
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
    web = Web(port, process, log)
    try:
        until(lambda: _listens(web), lambda: log.read_text(errors="replace"))
        yield web
    finally:
        web.hang_up()
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _listens(web: Web) -> bool:
    assert web.process.poll() is None, web.log.read_text(errors="replace")
    try:
        return web.ask("/health/live").status == 200
    except (OSError, EOFError):
        return False
