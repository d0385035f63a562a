"""Shows the person at the terminal what the runner says, and every child's lines behind its name.

A child writes into a file, never into a pipe: so nothing that the runner or the terminal does or fails to do makes it
wait. One thread reads what the files have gained, another writes to the terminal; where that stands still or is slow, the
runner goes on, and lines that nobody could be shown are in the files. Colour only on a terminal and only without
NO_COLOR. A terminal that goes away is no reason to stop: the words are dropped.
"""

from __future__ import annotations

import fcntl
import os
import select
import shutil
import sys
import tempfile
import threading
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TextIO

COLOURS = (36, 33, 32, 35, 34, 96, 93, 92, 95, 94)
LOOK_SECONDS = 0.1
READ_AT_ONCE = 2**20  # bytes of one child, so that one that says much does not keep the others waiting
LONGEST_LINE = 64 * 1024
KEPT = 5 * 2**20  # bytes after which a file becomes the earlier one, in place of the one before
UNSHOWN = 4 * 2**20  # characters that wait for the terminal; the oldest beyond are not shown
CLOSE_SECONDS = 2.0
RUNNER = "score"


@dataclass(slots=True)
class _Source:
    name: str
    file: IO[bytes]
    path: Path | None
    mute: bytes | None
    at: int
    rest: bytes = b""

    def lines(self) -> list[bytes]:
        """Return the whole lines gained since the last look."""
        chunk = os.pread(self.file.fileno(), READ_AT_ONCE, self.at)
        self.at += len(chunk)
        *lines, self.rest = (self.rest + chunk).split(b"\n")
        if len(self.rest) > LONGEST_LINE:
            lines, self.rest = [*lines, self.rest], b""
        if not chunk and self.at > KEPT:
            self._begin_anew()
        return [line for line in lines if self.mute is None or self.mute not in line]

    def _begin_anew(self) -> None:
        """Empty the file for a child that goes on writing at its end; a line written in this moment may be lost."""
        if self.path is not None:
            shutil.copyfile(self.path, self.path.with_suffix(".earlier.log"))
        os.ftruncate(self.file.fileno(), 0)
        self.at = 0


class Console:
    def __init__(self, out: TextIO | None = None, logs: Path | None = None) -> None:
        """`logs` is the folder of the children's files; without one they have no names and end with the console."""
        out = out or sys.stdout
        self._terminal = out.fileno()
        self._coloured = out.isatty() and "NO_COLOR" not in os.environ
        self._logs = logs
        self._reading = threading.RLock()
        self._sources: dict[str, _Source] = {}
        self._waiting: deque[str] = deque()
        self._unshown = self._dropped = 0
        self._written = threading.Condition()
        self._width = len("notifications worker")
        self._closed = threading.Event()
        self._reader = threading.Thread(target=self._read, name="console", daemon=True)
        self._writer = threading.Thread(target=self._write, name="terminal", daemon=True)
        self._reader.start()
        self._writer.start()

    def say(self, words: str = "") -> None:
        """Print a sentence of the runner, after what its children have said until now."""
        self._show("".join(f"{self._prefix(RUNNER)}{line}\n" for line in words.splitlines() or [""]))

    def show(self, block: str) -> None:
        """Print a block on its own, without a prefix, for what is meant to be read and copied."""
        self._show(block.rstrip("\n") + "\n")

    def output_of(self, name: str, mute: bytes | None = None) -> int:
        """Return the descriptor that a child writes to; lines that contain `mute` are not shown. One that is started
        again goes on in its file."""
        with self._reading:
            if name in self._sources:
                self._look(to_the_end=True)  # a dead child may have ended in the middle of a line
            else:
                self._sources[name] = self._open(name, mute)
            return self._sources[name].file.fileno()

    def close(self) -> None:
        """Show what there is, unless the terminal stands still."""
        self._closed.set()
        self._reader.join(CLOSE_SECONDS)
        with self._written:
            self._written.notify_all()
        self._writer.join(CLOSE_SECONDS)
        with self._reading:
            for source in self._sources.values():
                source.file.close()
            self._sources.clear()

    def _open(self, name: str, mute: bytes | None) -> _Source:
        if self._logs is None:
            file: IO[bytes] = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 (kept until the end)
            flags = fcntl.fcntl(file, fcntl.F_GETFL)
            fcntl.fcntl(file, fcntl.F_SETFL, flags | os.O_APPEND)  # so that it can be emptied under a child that writes
            return _Source(name, file, None, mute, 0)
        self._logs.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._logs / f"{name.replace(' ', '-')}.log"
        file = path.open("a+b", buffering=0)
        return _Source(name, file, path, mute, os.fstat(file.fileno()).st_size)

    def _prefix(self, name: str) -> str:
        label = f"{name:<{self._width}} | "
        if not self._coloured:
            return label
        colour = "1" if name == RUNNER else str(COLOURS[sum(name.partition(" ")[0].encode()) % len(COLOURS)])
        return f"\x1b[{colour}m{label}\x1b[0m"

    def _show(self, text: str) -> None:
        self._look()
        self._wait_for_terminal(text)

    def _read(self) -> None:
        while not self._closed.wait(LOOK_SECONDS):
            self._look()
        self._look(to_the_end=True)

    def _look(self, *, to_the_end: bool = False) -> None:
        with self._reading:
            for source in self._sources.values():
                lines = source.lines()
                if to_the_end and source.rest:
                    lines, source.rest = [*lines, source.rest], b""
                if lines:
                    prefix = self._prefix(source.name)
                    shown = (f"{prefix}{line.decode('utf-8', 'replace').rstrip()}\n" for line in lines)
                    self._wait_for_terminal("".join(shown))

    def _wait_for_terminal(self, text: str) -> None:
        with self._written:
            self._waiting.append(text)
            self._unshown += len(text)
            while self._unshown > UNSHOWN and len(self._waiting) > 1:
                oldest = self._waiting.popleft()
                self._unshown -= len(oldest)
                self._dropped += oldest.count("\n")
            self._written.notify_all()

    def _write(self) -> None:
        while True:
            with self._written:
                while not self._waiting:
                    if self._closed.is_set() and not self._reader.is_alive():
                        return
                    self._written.wait()
                text, self._unshown = "".join(self._waiting), 0
                self._waiting.clear()
                dropped, self._dropped = self._dropped, 0
            if dropped:
                where = f"; what processes said is in {self._logs}" if self._logs else ""
                text = f"{self._prefix(RUNNER)}the terminal stood still: {dropped} lines are not shown{where}\n{text}"
            self._write_out(text.encode())

    def _write_out(self, text: bytes) -> None:
        while text:
            try:
                text = text[os.write(self._terminal, text) :]
            except BlockingIOError:
                select.select([], [self._terminal], [])
            except OSError:
                self._terminal = os.open(os.devnull, os.O_WRONLY)
