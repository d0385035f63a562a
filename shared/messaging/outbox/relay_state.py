"""The memory of a relay about its topic, beside the outbox: checkpoints per partition, and the epoch of the log.

Only the relay that holds the lease may change it. Whoever works under an older lease raises `Overtaken`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from shared.messaging.errors import Overtaken
from shared.messaging.ports import Checkpoint, Checkpoints
from shared.storage import connection

COLLECTION = "relays"
COLLECTIONS: dict[str, tuple[()]] = {COLLECTION: ()}


class RelayState:
    def __init__(self, topic: str, fence: Callable[[], int]) -> None:
        """`fence` gives the token of the lease under which this relay works."""
        self._topic, self._fence = topic, fence

    def checkpoints(self) -> Checkpoints:
        state = self._read() or {}
        return {
            int(partition): [Checkpoint(row["offset"], row["event_id"], row["at"], row["oldest"]) for row in rows]
            for partition, rows in state.get("checkpoints", {}).items()
        }

    def epoch(self) -> int:
        state = self._read()
        return state.get("epoch", 0) if state else 0

    def reached(self, checkpoints: Checkpoints) -> None:
        """Note the checkpoints of these partitions; part of a transaction."""
        self._save({f"checkpoints.{partition}": _stored(newest) for partition, newest in checkpoints.items()})

    def begin_epoch(self) -> None:
        """Forget the checkpoints: the log is filled anew; part of a transaction."""
        self._save({"checkpoints": {}, "epoch": self.epoch() + 1})

    def _read(self) -> dict[str, Any] | None:
        return connection.database()[COLLECTION].find_one({"_id": self._topic})

    def _save(self, changes: dict[str, Any]) -> None:
        relays, token = connection.database()[COLLECTION], self._fence()
        state = relays.find_one({"_id": self._topic}, {"token": 1})
        if state and state.get("token", 0) > token:
            raise Overtaken(f"the lease of the relay of {self._topic} has passed on")
        relays.update_one({"_id": self._topic}, {"$set": {**changes, "token": token}}, upsert=True)


def _stored(checkpoints: Sequence[Checkpoint]) -> list[dict[str, Any]]:
    return [
        {"offset": checkpoint.offset, "event_id": checkpoint.event_id, "at": checkpoint.at, "oldest": checkpoint.oldest}
        for checkpoint in checkpoints
    ]
