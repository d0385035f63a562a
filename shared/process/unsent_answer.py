"""Takes a thread's answer: sends it as far as the caller takes it at once, and keeps the rest for the poller."""

from __future__ import annotations

from socket import socket
from tempfile import SpooledTemporaryFile
from typing import Final

_AT_ONCE: Final = 262_144


class UnsentAnswer:
    """Stands for a connection's socket in gunicorn's code. Writing never waits: what is left is in memory, then in a file.

    One thread at a time uses it: whoever makes the answer, and then the poller.
    """

    def __init__(self, connected: socket, in_memory: int) -> None:
        self._socket, self._in_memory = connected, in_memory
        self._kept: SpooledTemporaryFile[bytes] | None = None
        self._start = self._end = 0  # of what is kept and not sent
        self.sent = 0

    def sendall(self, data: bytes) -> None:
        rest = memoryview(data)
        if self.flush():
            rest = rest[self._send(rest) :]
        if rest:
            self._keep(rest)

    def flush(self) -> bool:
        """Send what is kept, as far as it goes; return whether nothing is left."""
        file = self._kept
        while file is not None and self._start < self._end:
            file.seek(self._start)
            part = file.read(_AT_ONCE)
            sent = self._send(memoryview(part))
            self._start += sent
            if sent < len(part):
                return False
        self.discard()
        return True

    def discard(self) -> None:
        if self._kept is not None:
            self._kept.close()
            self._kept, self._start, self._end = None, 0, 0

    def _keep(self, data: memoryview) -> None:
        if self._kept is None:
            self._kept = SpooledTemporaryFile(max_size=self._in_memory)  # noqa: SIM115 - closed when it is sent
        self._kept.seek(self._end)
        self._kept.write(data)
        self._end += len(data)

    def _send(self, data: memoryview) -> int:
        sent = 0
        try:
            while sent < len(data):
                sent += self._socket.send(data[sent:])
        except BlockingIOError:
            pass
        self.sent += sent
        return sent

    # What gunicorn asks of a socket beside: it never waits, and the worker ends it.

    def gettimeout(self) -> float:
        return 0.0

    def settimeout(self, seconds: float | None) -> None:
        del seconds

    def setblocking(self, blocking: bool) -> None:
        del blocking

    def shutdown(self, how: int) -> None:
        del how

    def recv(self, size: int) -> bytes:
        del size
        return b""

    def close(self) -> None:
        pass
