"""Processes of one machine nudge each other: an outbox was written to, a topic has grown.

A nudge is a datagram to every worker's socket in a folder that only their user may enter. It says nothing that is not
found without it: one that is lost, late or forged costs or saves time and changes nothing else. Where no folder is set
(services on several machines) change streams and wakeups look often instead.
"""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from shared.kernel.settings.current import settings
from shared.messaging.bookmarks import header_of
from shared.messaging.ports import Outgoing, Types
from shared.messaging.wakeups.relay import OUTBOXES
from shared.observability import logs
from shared.storage.transaction import tell_commits_to

log = logs.get(__name__)
SUFFIX = ".sock"
LARGEST = 65_536  # bytes
LOOK_SECONDS = 0.5


def published(records: Sequence[Outgoing]) -> None:
    """Tell every worker which topics have grown by what."""
    types: dict[str, set[str]] = {}
    for record in records:
        types.setdefault(record.topic, set()).add(header_of(record, "ce_type"))
    for topic, added in types.items():
        _send_nudge("*", {"topic": topic, "types": sorted(added)})


class LocalNotifier:
    """Tells the workers of a service that another process of it has written to an outbox. Heard for as long as it is held."""

    def __init__(self, service: str) -> None:
        self._service = service
        tell_commits_to(self)

    def committed(self, collections: frozenset[str]) -> None:
        if collections & OUTBOXES:
            _send_nudge(self._service, {})


class LocalListener:
    """Hears nudges in a loop of its own. `open` is false where nobody nudges, or no socket could be made."""

    def __init__(self, service: str, written: Callable[[], None], grown: Callable[[str, Types], None]) -> None:
        self._written, self._grown = written, grown
        self._path = Path(settings().nudges) / f"{service}.{os.getpid()}{SUFFIX}"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.settimeout(LOOK_SECONDS)
        self.open = bool(settings().nudges) and self._bind()
        if not self.open:
            self._socket.close()

    def run(self, stop: threading.Event) -> None:
        while not stop.is_set():
            with suppress(TimeoutError):
                self._handle_nudge(self._socket.recv(LARGEST))
        self._path.unlink(missing_ok=True)
        self._socket.close()

    def _bind(self) -> bool:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._path.unlink(missing_ok=True)
            self._socket.bind(str(self._path))
        except OSError as error:  # a path may be too long for a socket
            log.warning("no nudges, looking often", error=str(error))
            return False
        return True

    def _handle_nudge(self, datagram: bytes) -> None:
        try:
            nudge = json.loads(datagram)
            topic, types = nudge.get("topic"), frozenset(map(str, nudge.get("types", ())))
        except (ValueError, AttributeError, TypeError):
            return  # not one of ours
        if topic:
            self._grown(str(topic), types)
        else:
            self._written()


def _send_nudge(service: str, nudge: dict[str, object]) -> None:
    if not settings().nudges:
        return
    datagram = json.dumps(nudge).encode()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.setblocking(False)
        for path in Path(settings().nudges).glob(f"{service}.*{SUFFIX}"):
            try:
                sender.sendto(datagram, str(path))
            except ConnectionRefusedError:  # whoever listened was killed
                path.unlink(missing_ok=True)
            except OSError:
                continue  # it has more to read than it can hold, or ended in this moment
