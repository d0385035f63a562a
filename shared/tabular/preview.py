"""Has the first rows of a spreadsheet read in a process of its own, so that a file made to be slow holds up nobody else.

Python's threads take turns: one that reads a hostile file makes every other request of the process slow. A process goes
beside them, and is ended where it takes too long. A sender has one at a time, and all have few; nobody waits for a place.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, Final

from shared.tabular.reader import Cell, SheetRow, Unreadable

_COMMAND: Final = (sys.executable, "-m", "shared.tabular.first_rows")
_FOLDER: Final = Path(__file__).parents[2]  # so that it is the same code
PATIENCE: Final = 2.0  # times the seconds of work that it is given, where the machine has much else to do


class Busy(Exception):
    """There is no place for the file now, or the machine has so much to do that it was not read in time."""


class Previews:
    """Reads the first rows of files, and knows whose are being read."""

    def __init__(self) -> None:
        self._senders: set[Hashable] = set()
        self._lock = Lock()

    def rows(
        self, sender: Hashable, data: bytes, media_type: str, *, places: int, most_seconds: float, **limits: Any
    ) -> list[SheetRow]:
        """Return heading and first rows, as `read_rows` gives them. Raises `Unreadable` as it does, and `Busy`."""
        asked = {"media_type": media_type, "most_seconds": most_seconds, **limits}
        with self.place_for(sender, places):
            answer = _answer_to(asked, data, most_seconds * PATIENCE + 1)
        if "code" in answer:
            raise Unreadable(answer["code"], answer["row"])
        return [SheetRow(number, tuple(Cell(*cell) for cell in cells)) for number, cells in answer["rows"]]

    @contextmanager
    def place_for(self, sender: Hashable, places: int) -> Iterator[None]:
        """Hold a sender's place, one of so many. Raises `Busy` where there is none."""
        with self._lock:
            if sender in self._senders or len(self._senders) >= places:
                raise Busy
            self._senders.add(sender)
        try:
            yield
        finally:
            with self._lock:
                self._senders.remove(sender)


def _answer_to(asked: dict[str, Any], data: bytes, seconds: float) -> Any:
    try:
        done = subprocess.run(
            [*_COMMAND, json.dumps(asked)], cwd=_FOLDER, env={}, input=data, stdout=subprocess.PIPE, check=True,
            timeout=seconds, start_new_session=True,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise Busy from None
    return json.loads(done.stdout)
