"""A named lease: at most one holder at a time, by the server's clock, with a token that rises at every change of holder.

Whoever holds it renews it well before it ends. A holder that was stopped for longer finds, at its next renewal, that it
lost the lease; what it did meanwhile is harmless (a record sent twice, absorbed by cursors).

A place holds one process at a time: whoever starts in it need not wait for what a killed predecessor still holds.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from shared.kernel.settings.current import settings
from shared.storage import connection
from shared.storage.transaction import in_new_transaction, in_racing_transaction

COLLECTIONS: dict[str, tuple[()]] = {"leases": ()}


class Lease:
    def __init__(self, name: str, holder: str, place: str = "") -> None:
        """`place` is the holder's name without what changes at every start."""
        self.name, self.holder, self.place = name, holder, place
        self.token = 0
        self.tried = False

    def hold(self) -> bool:
        """Take or renew the lease; false while another holds it."""
        now = server_time()  # asked outside: the command is refused in a transaction
        row = in_racing_transaction(lambda: self._take(now))
        self.tried = True
        self.token = row["token"] if row else 0
        return row is not None

    def release(self) -> None:
        """Let the next holder in at once."""
        row = {"_id": self.name, "holder": self.holder}
        over = {"$set": {"until": server_time() - timedelta(seconds=1)}}
        in_new_transaction(lambda: connection.database()["leases"].update_one(row, over))

    def _take(self, now: datetime) -> dict[str, Any] | None:
        rows = connection.database()["leases"]
        row = rows.find_one({"_id": self.name})
        if row and row["holder"] != self.holder and row["until"] >= now and not self._succeeds(row):
            return None
        is_holder = row is not None and row["holder"] == self.holder
        taken = {
            "holder": self.holder,
            "place": self.place,
            "token": (row["token"] if row else 0) + (0 if is_holder else 1),
            "until": now + timedelta(seconds=settings().lease_seconds),
        }
        rows.replace_one({"_id": self.name}, taken, upsert=True)
        return taken

    def _succeeds(self, row: dict[str, Any]) -> bool:
        """Return whether the holder was here before: once, at the start, so that two in one place do not take turns."""
        return not self.tried and self.place != "" and row.get("place") == self.place


def server_time() -> datetime:
    """Read the store's clock: the only one that all holders share."""
    now: datetime = connection.client().admin.command("hello")["localTime"]
    return now if now.tzinfo else now.replace(tzinfo=UTC)
