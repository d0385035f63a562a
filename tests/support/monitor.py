"""Watches the commands that this process sends to the store, and names each write that escaped its transaction.

Registered once, before any client is made; it notes nothing until it is told to watch.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pymongo import monitoring

WRITES = {"insert", "update", "delete", "findAndModify", "bulkWrite"}


class Escaped(AssertionError):
    """A write was sent that no transaction holds."""


class Monitor(monitoring.CommandListener):
    def __init__(self) -> None:
        self.watching = False
        self.writes = self.reads = 0
        self._escaped: list[tuple[str, str]] = []

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        if self.watching and event.command_name == "find":
            self.reads += 1
        if not self.watching or event.command_name not in WRITES:
            return
        self.writes += 1
        command: Any = event.command
        if command.get("autocommit") is not False or "txnNumber" not in command:
            self._escaped.append((event.command_name, str(command[event.command_name])))

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        pass

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        pass

    def watch(self) -> None:
        self.writes, self.reads, self._escaped, self.watching = 0, 0, [], True

    def finish(self, allowed: Iterable[str] = ()) -> None:
        """Stop watching; raise `Escaped` when a write to a collection that is not `allowed` escaped."""
        self.watching = False
        loose = [f"{command} of {collection}" for command, collection in self._escaped if collection not in allowed]
        self._escaped = []
        if loose:
            raise Escaped(f"written outside a transaction: {', '.join(sorted(set(loose)))}")


MONITOR = Monitor()
monitoring.register(MONITOR)
