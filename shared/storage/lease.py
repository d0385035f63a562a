"""A named lease: at most one holder at a time, with a token that rises at every change of holder. No clock of a wall is asked.

Whoever holds it renews it well before it ends: each time its row changes. Whoever wants it watches the row by a clock that
only goes forward, and takes what has not changed for the lease's time. A holder that was stopped for longer finds, at its
next renewal, that it lost the lease; what it did meanwhile is harmless (a record sent twice, absorbed by cursors).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from shared.kernel.settings.current import settings
from shared.storage import connection
from shared.storage.transaction import in_new_transaction, in_racing_transaction

COLLECTIONS: dict[str, tuple[()]] = {"leases": ()}


class Lease:
    def __init__(
        self, name: str, holder: str, place: str = "", *, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        """`place` is where the holder runs, alone: what the process before it there held is its own from the start."""
        self.name, self.holder, self.place = name, holder, place
        self.token = 0
        self.tried = False
        self._seconds = seconds
        self._seen: dict[str, Any] | None = None
        self._seen_at = 0.0

    def hold(self) -> bool:
        """Take or renew the lease; false while another holds it."""
        row = in_racing_transaction(self._take)
        self.tried = True
        self.token = row["token"] if row else 0
        return row is not None

    def release(self) -> None:
        """Let the next holder in at once."""
        row, free = {"_id": self.name, "holder": self.holder}, {"$set": {"holder": ""}}
        in_new_transaction(lambda: connection.database()["leases"].update_one(row, free))

    def _take(self) -> dict[str, Any] | None:
        rows = connection.database()["leases"]
        row = rows.find_one({"_id": self.name})
        is_holder = row is not None and row["holder"] == self.holder
        if row is not None and not is_holder and not self._is_free(row):
            return None
        taken = {
            "holder": self.holder,
            "place": self.place,
            "token": (row["token"] if row else 0) + (0 if is_holder else 1),
            "renewals": row.get("renewals", 0) + 1 if row and is_holder else 0,
        }
        rows.replace_one({"_id": self.name}, taken, upsert=True)
        return taken

    def _is_free(self, row: dict[str, Any]) -> bool:
        """Say whether it was given up, left by the process that ran here before, or not renewed for its time."""
        if not row["holder"] or (self.place and not self.tried and row.get("place") == self.place):
            return True
        if row != self._seen:
            self._seen, self._seen_at = row, self._seconds()
        return self._seconds() - self._seen_at >= settings().lease_seconds
