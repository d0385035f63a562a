"""Wakes the relay when something was written to an outbox: by this process, or by another, as a nudge or a change stream says.

Polling finds everything that is pending; the stream only saves the wait. When it cannot be opened or breaks, `watching` is
false and the relay polls at its short interval until the stream is back. `nudged` says that other processes tell of what
they have written, so that the stream need not be asked often.
"""

from __future__ import annotations

import threading

from pymongo.errors import PyMongoError

from shared.domain.outbox_rows import COLLECTION as EVENTS
from shared.kernel.settings.current import settings
from shared.messaging.outbox.compacted import OUTBOXES as COMPACTED
from shared.observability import logs
from shared.storage import connection
from shared.storage.transaction import tell_commits_to

log = logs.get(__name__)
AWAIT_MS = 1_000
UNCONCERNED_SECONDS = 0.03  # the embedded store answers a stream whenever anybody has written anything at all
OUTBOXES = frozenset({EVENTS, *COMPACTED.values()})
REST_SECONDS = 5.0


class OutboxWatch:
    """Watches the outboxes: `written` is set whenever a row of an outbox was inserted or replaced."""

    def __init__(self, stop: threading.Event) -> None:
        self.nudged = False
        self.written = threading.Event()
        self.watching = False
        self._stop = stop
        tell_commits_to(self)

    def run(self) -> None:
        while not self._stop.is_set():
            try:
                self._watch()
            except PyMongoError as error:
                log.info("outbox not watched, polling", error=type(error).__name__)
            self.watching = False
            self._stop.wait(REST_SECONDS)

    def committed(self, collections: frozenset[str]) -> None:
        if collections & OUTBOXES:
            self.written.set()

    def _watch(self) -> None:
        inserts = {
            "ns.coll": {"$in": sorted(OUTBOXES)},
            "operationType": {"$in": ["insert", "replace"]},
        }
        with connection.database().watch([{"$match": inserts}], max_await_time_ms=AWAIT_MS) as stream:
            self.watching = True
            while not self._stop.is_set() and stream.alive:
                if stream.try_next() is not None:
                    self.written.set()
                else:
                    self._stop.wait(settings().nudged_look_ms / 1000 if self.nudged else UNCONCERNED_SECONDS)
