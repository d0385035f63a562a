"""Knows which collections were written to since their database was last as migrated: only those are cleaned and compared.

What this process writes it is told by the driver. What other processes write it cannot know: while one that this process started
lives, and for what was written before such a one ended, every collection counts as written to. Registered before any client.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from pymongo import monitoring
from pymongo.database import Database

READS: Final = frozenset(
    {"aggregate", "buildInfo", "commitTransaction", "abortTransaction", "count", "dbStats", "distinct", "endSessions",
     "explain", "find", "getMore", "hello", "isMaster", "ismaster", "killCursors", "listCollections", "listDatabases",
     "listIndexes", "ping", "serverStatus"}
)  # fmt: skip
WRITES: Final = frozenset({"insert", "update", "delete", "findAndModify"})
STARTS: Final = frozenset({"subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.exec"})
Place = tuple[Any, str]  # the server's address, a database's name


class Written(monitoring.CommandListener):
    def __init__(self) -> None:
        self._since: dict[Place, set[str]] = {}  # a database that is missing here may have been written to anywhere
        self._engines: set[str] = set()
        self._lock = threading.Lock()

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        if event.command_name in READS:
            return
        place = event.connection_id, event.database_name
        with self._lock:
            if event.command_name not in WRITES:
                self._since.clear()  # a collection was dropped or renamed, or many databases were written to at once
            elif place in self._since:
                self._since[place].add(str(event.command[event.command_name]))

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        pass

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        pass

    def process_started(self, name: str, _arguments: object) -> None:
        if name in STARTS:
            with self._lock:
                self._since.clear()

    def since_cleaned(self, database: Database[Any]) -> Callable[[str], bool]:
        """Return what says of a collection whether it may have been written to since its database was cleaned."""
        since = None if _children() - self._engines else self._since.get(_place(database))
        return lambda collection: since is None or collection in since

    def engines_run(self) -> None:
        """Note that the processes of now write nothing but what others tell them."""
        self._engines = _children()

    def cleaned(self, database: Database[Any]) -> None:
        """Note that a database is as migrated."""
        with self._lock:
            self._since[_place(database)] = set()


def _place(database: Database[Any]) -> Place:
    return database.client.address, database.name


def _children() -> set[str]:
    """Return the ids of the processes that this one started and that still live."""
    tasks = Path(f"/proc/{os.getpid()}/task")
    return {pid for task in tasks.iterdir() for pid in _read(task / "children").split()}


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii")
    except OSError:  # a thread that has ended meanwhile
        return ""


WRITTEN: Final = Written()
monitoring.register(WRITTEN)
sys.addaudithook(WRITTEN.process_started)
