"""A consumer group's memory in its service's store: cursors, parked records, tries. The real port of `ports.Inbox`.

Raw collection access: these rows are written once per record. All of it takes part in the transaction of the handler,
except `begin`, which must survive the process that it warns about.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from pymongo import UpdateOne

from shared.contracts.catalogue import kind_of_topic
from shared.contracts.wire.compacted import Said, place_in
from shared.contracts.wire.shape import Undecodable
from shared.kernel import clock, ids
from shared.kernel.clock import BEGINNING
from shared.kernel.settings.current import settings
from shared.messaging import copies, parties
from shared.messaging.cursors import Cursor
from shared.messaging.inbox.parked import asks_after_a_no, parked_id, parked_of, place_of, row_of
from shared.messaging.outbox.events import FEW, slices
from shared.messaging.ports import OPEN, Doubt, Gap, Heard, Incoming, Parked
from shared.storage import connection
from shared.storage.indexes import index
from shared.storage.transaction import current_batch, in_new_transaction, in_racing_transaction

T = TypeVar("T")
ASKED_AT_ONCE = 50
THIS_PROCESS = ids.new()
COLLECTIONS = {
    "cursors": (index("group"),),
    "parked": (
        index("group", "next_try_at"),
        index("group", "ask_at", sparse=True),
        index("waiting_for"),
        index("group", "reason"),
        index("reason", "discarded_at"),
        index("record_key"),
    ),
    "attempts": (),
    "groups": (),
}


class MongoInbox:
    def __init__(self, group: str, process: UUID | None = None, *, fence: Callable[[], None] | None = None) -> None:
        """`process` names the life of this process; another start of it is another one. `fence` may refuse a transaction."""
        self.group, self._fence = group, fence
        self._process = process or THIS_PROCESS
        self._waited_for: set[str] | None = None

    def started_at(self) -> datetime:
        """When this group first started; remembered for ever."""

        def work() -> datetime:
            groups = connection.database()["groups"]
            row = groups.find_one({"_id": self.group})
            moment: datetime = row["started_at"] if row else clock.now()
            if row is None:
                groups.insert_one({"_id": self.group, "started_at": moment})
            return moment

        return in_racing_transaction(work)

    def transaction(self, work: Callable[[], T]) -> T:
        return in_new_transaction(lambda: self._fenced(work))

    def begin(self, record: Incoming) -> int:
        place = place_of(self.group, record)

        def work() -> int:
            attempts = connection.database()["attempts"]
            row = attempts.find_one({"_id": place}) or {"processes": []}
            processes = row["processes"]
            if self._process not in processes:
                processes = [*processes, self._process]
                attempts.replace_one({"_id": place}, {"processes": processes, "at": clock.now()}, upsert=True)
            return len(processes)

        return in_racing_transaction(work)

    def finish(self, record: Incoming) -> None:
        connection.database()["attempts"].delete_one({"_id": place_of(self.group, record)})

    def cursors(self, topic_keys: Sequence[tuple[str, UUID]]) -> dict[tuple[str, UUID], Cursor]:
        wanted = {self._cursor_id(topic, key): (topic, key) for topic, key in topic_keys}
        found = {pair: Cursor(*pair) for pair in wanted.values()}
        if not wanted:
            return found
        ids = list(wanted)
        query = {"_id": ids[0]} if len(ids) == 1 else {"_id": {"$in": ids}}
        for row in connection.database()["cursors"].find(query):
            cursor = found[wanted[row["_id"]]]
            cursor.sequence, cursor.parked = row["sequence"], row["parked"]
            cursor.recent = [(event_id, digest) for event_id, digest in row["recent"]]
            cursor.older = bytes(row.get("older", b""))
            cursor.doubt, cursor.doubted = row.get("doubt"), row.get("doubted", 0)
        return found

    def save(self, cursors: Sequence[Cursor]) -> None:
        batch = current_batch()
        for cursor in cursors:
            row = {
                "_id": self._cursor_id(cursor.topic, cursor.key),
                "group": self.group,
                "topic": cursor.topic,
                "key": cursor.key,
                "sequence": cursor.sequence,
                "parked": cursor.parked,
                "recent": [list(pair) for pair in cursor.recent],
            }
            if cursor.older:
                row["older"] = cursor.older
            if cursor.doubt:
                row |= {"doubt": cursor.doubt, "doubted": cursor.doubted}
            batch.replace("cursors", row)

    def park(self, parked: Parked) -> bool:
        rows = connection.database()["parked"]
        row = row_of(self.group, parked)
        if row["reason"] == "gap" or row["failure"] == "diverged":
            row["ask_at"] = parked.parked_at
        if there := rows.find_one({"_id": row["_id"]}):
            if not there.get("discarded_at") or there["event_id"] == parked.event_id or parked.aside:
                return False
            rows.delete_one({"_id": there["_id"]})  # given up, it holds no place
            given_up = {**there, "_id": f"{there['_id']}|{there['event_id']}", "aside": True}
            rows.replace_one({"_id": given_up["_id"]}, given_up, upsert=True)
        rows.insert_one(row)
        self._note_waiting(parked)
        return True

    def parked_at(self, topic: str, key: UUID, sequence: int) -> Parked | None:
        row = connection.database()["parked"].find_one({"_id": f"{self.group}|{topic}|{key}|{sequence}"})
        return parked_of(row) if row and not row.get("discarded_at") else None

    def release(self, parked: Parked) -> None:
        connection.database()["parked"].delete_one({"_id": parked_id(self.group, parked), "discarded_at": None})

    def beside(self, topic: str, key: UUID, sequence: int | None = None) -> list[Parked]:
        place: dict[str, Any] = {"record_key": str(key).encode(), "group": self.group, "topic": topic}
        place |= {} if sequence is None else {"sequence": sequence}
        rows = connection.database()["parked"].find({**place, "aside": True, "reason": {"$in": list(OPEN)}})
        return [parked_of(row) for row in rows]

    def postpone(self, parked: Parked) -> None:
        row = row_of(self.group, parked)
        del row["asks"]  # `missing` counts them
        change: dict[str, Any] = {"$set": row}
        if row["reason"] != "gap" and row["failure"] != "diverged":
            change["$unset"] = {"ask_at": ""}
        connection.database()["parked"].update_one({"_id": row.pop("_id"), "discarded_at": None}, change)
        self._note_waiting(parked)

    def due(self, now: datetime, woken_by: str | None = None) -> list[Parked]:
        rows = connection.database()["parked"]
        if woken_by is not None:
            if woken_by not in self._waiting():
                return []
            return [
                parked_of(row) for row in rows.find({"waiting_for": woken_by, "group": self.group, "reason": "waiting"})
            ]
        self._waited_for = None
        found = rows.find({"group": self.group, "next_try_at": {"$gte": BEGINNING, "$lte": now}})
        return sorted((parked_of(row) for row in found), key=lambda parked: (str(parked.key), parked.sequence))

    def failed(self) -> list[Parked]:
        rows = connection.database()["parked"].find({"group": self.group, "reason": "failed"})
        return [parked_of(row) for row in rows]

    def has_parked(self) -> bool:
        """Say whether anything of this group still has its turn before it."""
        query = {"group": self.group, "reason": {"$in": list(OPEN)}, "failure": {"$ne": "forged"}}
        return connection.database()["parked"].find_one(query, {"_id": 1}) is not None

    def missing(self, before: datetime) -> list[Gap]:
        rows, config = connection.database()["parked"], settings()
        due = {"group": self.group, "ask_at": {"$gte": BEGINNING, "$lt": before}}
        found = list(rows.find(due, {"topic": 1, "key": 1, "asks": 1}).limit(ASKED_AT_ONCE))
        if not found:
            return []
        writes = []
        for row in found:
            asks = row.get("asks", 0) + 1
            later = {"$set": {"ask_at": before + timedelta(seconds=config.gap_seconds * 2**asks)}}
            rest = later if asks < config.gap_asks else {"$unset": {"ask_at": ""}}
            writes.append(UpdateOne({"_id": row["_id"]}, {"$inc": {"asks": 1}, **rest}))
        rows.bulk_write(writes, ordered=False)
        cursors = self.cursors(list({(row["topic"], row["key"]) for row in found})).values()
        following = {f"{self._cursor_id(cursor.topic, cursor.key)}|{cursor.sequence + 1}": cursor for cursor in cursors}
        parked = {row["_id"] for row in rows.find({"_id": {"$in": list(following)}, "discarded_at": None}, {"_id": 1})}
        doubts = [Gap(cursor.topic, cursor.key, 1, cursor.doubt) for cursor in cursors if cursor.doubt]
        return doubts + [
            Gap(cursor.topic, cursor.key, cursor.sequence + 1)
            for place, cursor in following.items()
            if place not in parked and not cursor.doubt
        ]

    def note_unknown(self, topic: str, keys: Collection[UUID], now: datetime) -> None:
        rows, config = connection.database()["parked"], settings()
        asked = {"group": self.group, "topic": topic, "ask_at": {"$gte": BEGINNING}}
        writes = []
        for few in slices(keys, FEW):
            names = [str(key).encode() for key in few]
            for row in rows.find({"record_key": {"$in": names}, **asked}, {"asks": 1}):
                asks = asks_after_a_no(row.get("asks", 0), config.gap_asks)
                ask_at = now + timedelta(seconds=config.gap_seconds * (2**asks - 1))
                writes.append(UpdateOne({"_id": row["_id"]}, {"$set": {"asks": asks, "ask_at": ask_at}}))
        if writes:
            rows.bulk_write(writes, ordered=False)

    def ask_anew(self, parked: Parked) -> None:
        change = {"$set": {"asks": 0, "ask_at": clock.now()}}
        connection.database()["parked"].update_one({"_id": parked_id(self.group, parked), "discarded_at": None}, change)

    def discard(self, parked: Parked, why: str, at: datetime) -> None:
        connection.database()["parked"].update_one(
            {"_id": parked_id(self.group, parked)},
            {
                "$set": {"discarded_at": at, "why": why, "reason": "discarded"},
                "$unset": {"next_try_at": "", "ask_at": ""},
            },
        )

    def keep_copy(self, said: Said, heard: Heard) -> bool:
        kept = copies.keep(self.group, said, heard)
        if kept and said.version > 1:  # nothing can be older than the first
            forget_parked_versions(said.key, before=said.version)
        return kept

    def claim_doubts(self, topics: Collection[str], now: datetime, most: int) -> list[Doubt]:
        again_at = now + timedelta(seconds=settings().confirm_seconds)
        return in_new_transaction(lambda: parties.claim_doubts(topics, now, again_at, most))

    def _fenced(self, work: Callable[[], T]) -> T:
        if self._fence is not None:
            self._fence()
        return work()

    def _waiting(self) -> set[str]:
        if self._waited_for is None:
            rows = connection.database()["parked"].find({"group": self.group, "reason": "waiting"}, {"waiting_for": 1})
            self._waited_for = {row["waiting_for"] for row in rows}
        return self._waited_for

    def _note_waiting(self, parked: Parked) -> None:
        if parked.reason == "waiting" and self._waited_for is not None:
            self._waited_for.add(parked.waiting_for)

    def _cursor_id(self, topic: str, key: UUID) -> str:
        return f"{self.group}|{topic}|{key}"


def forget_parked_versions(key: UUID, *, before: int | None = None) -> None:
    """Drop parked versions of a thing: all of them, or those `before` one that was kept. They hold names and addresses."""
    rows = connection.database()["parked"]
    for row in rows.find({"record_key": str(key).encode()}, {"topic": 1, "headers": 1, "record_key": 1}):
        if kind_of_topic(row["topic"]) and (before is None or _version_of(row) < before):
            rows.delete_one({"_id": row["_id"]})


def _version_of(row: dict[str, Any]) -> int:
    """Return the version in a parked record's headers; 0 where they say none: it can never be read."""
    try:
        kind = kind_of_topic(row["topic"])
        headers = [(name, bytes(value)) for name, value in row["headers"]]
        return place_in(kind, bytes(row["record_key"]), headers).version if kind else 0
    except Undecodable:
        return 0
