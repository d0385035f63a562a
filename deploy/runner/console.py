"""Prints what the person at the terminal reads: calm sentences of the runner, and every child's lines behind its name.

One thread reads all children's output, so lines never mix and the runner never blocks on a child. Colour only on a
terminal and only without NO_COLOR. A terminal that goes away is no reason to stop: the words are dropped.
"""

from __future__ import annotations

import os
import selectors
import sys
import threading
from dataclasses import dataclass
from typing import IO, TextIO

COLOURS = (36, 33, 32, 35, 34, 96, 93, 92, 95, 94)
LONGEST_LINE = 64 * 1024
RUNNER = "score"


@dataclass(slots=True)
class _Source:
    stream: IO[bytes]
    name: str
    mute: bytes | None
    rest: bytes = b""


class Console:
    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._coloured = self._out.isatty() and "NO_COLOR" not in os.environ
        self._lock = threading.Lock()
        self._sources = selectors.DefaultSelector()
        self._wake, self._poke = os.pipe()
        self._sources.register(self._wake, selectors.EVENT_READ)
        self._width = len("notifications worker")
        self._closed = False
        self._thread = threading.Thread(target=self._pump, name="console", daemon=True)
        self._thread.start()

    def say(self, words: str = "") -> None:
        """Print a sentence of the runner."""
        self._write("".join(f"{self._prefix(RUNNER)}{line}\n" for line in words.splitlines() or [""]))

    def show(self, block: str) -> None:
        """Print a block on its own, without a prefix, for what is meant to be read and copied."""
        self._write(block.rstrip("\n") + "\n")

    def follow(self, stream: IO[bytes], name: str, mute: bytes | None = None) -> None:
        """Show the lines of a child until it closes its output; lines that contain `mute` are not shown."""
        os.set_blocking(stream.fileno(), False)
        with self._lock:
            self._sources.register(stream, selectors.EVENT_READ, _Source(stream, name, mute))
        os.write(self._poke, b".")

    def close(self) -> None:
        self._closed = True
        os.write(self._poke, b".")
        self._thread.join(timeout=2)

    def _prefix(self, name: str) -> str:
        label = f"{name:<{self._width}} | "
        if not self._coloured:
            return label
        colour = "1" if name == RUNNER else str(COLOURS[sum(name.partition(" ")[0].encode()) % len(COLOURS)])
        return f"\x1b[{colour}m{label}\x1b[0m"

    def _write(self, text: str) -> None:
        with self._lock:
            try:
                self._out.write(text)
                self._out.flush()
            except (OSError, ValueError):
                self._out = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 (kept until the end)

    def _pump(self) -> None:
        while True:
            for key, _ in self._sources.select():
                if key.data is None:
                    os.read(self._wake, 4096)
                else:
                    self._read(key.data)
            if self._closed:
                return

    def _read(self, source: _Source) -> None:
        try:
            chunk = os.read(source.stream.fileno(), 65536)
        except BlockingIOError:
            return
        except OSError:
            chunk = b""
        *lines, source.rest = (source.rest + chunk).split(b"\n")
        if source.rest and (not chunk or len(source.rest) > LONGEST_LINE):
            lines, source.rest = [*lines, source.rest], b""
        shown = [line for line in lines if source.mute is None or source.mute not in line]
        if shown:
            prefix = self._prefix(source.name)
            self._write("".join(f"{prefix}{line.decode('utf-8', 'replace').rstrip()}\n" for line in shown))
        if not chunk:
            with self._lock:
                self._sources.unregister(source.stream)
            source.stream.close()
