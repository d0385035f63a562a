"""Asks the owner of a topic for its history again, and answers such requests.

Neither the broker's retention nor its loss limits what a group can read, and no service reads another's store: a group
that misses something asks on the control topic; the owner sends one page from its outbox and says where the next begins;
the group asks for that when it has applied the last. What is not answered is asked again. Everyone else's cursors drop
the copies. Gaps of many keys are asked for in one message; its answer names those of which the owner has nothing. An
owner is asked in the same way whether a version of a party that jumped is true: what it sends in answer names the
request, whose id nobody else could know.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from shared.contracts.control import (
    CONTROL_TOPIC,
    ControlMessage,
    KeysAnswered,
    KeysRequested,
    KeyWanted,
    ResendAnswered,
    ResendRequested,
    control_record,
)
from shared.kernel import clock, ids
from shared.kernel.settings.current import settings
from shared.messaging.kafka.producer import KafkaLog
from shared.messaging.outbox.compacted import AnyOutbox, compacted_outboxes
from shared.messaging.outbox.events import EventOutbox
from shared.messaging.ports import Gap
from shared.messaging.seals import sealed
from shared.observability import logs, metrics
from shared.storage import connection
from shared.storage.indexes import index
from shared.storage.transaction import in_new_transaction, in_racing_transaction

log = logs.get(__name__)
COLLECTION = "resends"
COLLECTIONS: dict[str, Any] = {COLLECTION: (index("group"),)}


class Requests:
    """The open requests of one service's groups: asked for and not yet given."""

    def __init__(self, service: str, kafka: KafkaLog) -> None:
        self._service, self._kafka = service, kafka

    def ask(
        self, group: str, topic: str, key: UUID | None = None, from_sequence: int = 1, request_id: UUID | None = None
    ) -> None:
        """Ask for a key from a sequence on, or for a whole topic; a request that is already open is left alone.

        `request_id` is that of the first page, where it matters: then no other request will do.
        """
        row_id = f"{group}|{topic}|{key or '*'}" + (f"|{request_id}" if request_id else "")
        fresh = {
            "group": group,
            "topic": topic,
            "key": key,
            "from_sequence": from_sequence,
            "after": None,
            "page": 1,
            "asked_at": None,
            "answered": False,
            "request_id": request_id,
            "repeats": 0,
        }

        def work() -> None:
            rows = connection.database()[COLLECTION]
            if rows.find_one({"_id": row_id}) is None:
                rows.insert_one({"_id": row_id, **fresh})

        in_racing_transaction(work)

    def ask_for_gaps(self, group: str, topic: str, gaps: Sequence[Gap]) -> None:
        """Ask at once for what is missing of keys of one topic; what has been asked for and not answered is left alone."""

        def work() -> None:
            rows = connection.database()[COLLECTION]
            asked = {
                wanted["key"]
                for row in rows.find({"group": group})
                if row["topic"] == topic
                for wanted in row.get("wanted", ())
            }
            wanted = [
                {"key": gap.key, "from_sequence": gap.sequence, "answering": gap.request_id}
                for gap in gaps
                if gap.key not in asked
            ]
            if wanted:
                request_id = ids.new()
                row = {
                    "_id": f"{group}|{topic}|keys|{request_id}",
                    "group": group,
                    "topic": topic,
                    "wanted": wanted,
                    "asked_at": None,
                    "answered": False,
                    "request_id": request_id,
                    "repeats": 0,
                }
                rows.insert_one(row)

        in_racing_transaction(work)

    def are_open(self, group: str) -> bool:
        """Return whether something that the group asked for has not been given yet."""
        return connection.database()[COLLECTION].find_one({"group": group}, {"_id": 1}) is not None

    def tick(self, group: str, *, caught_up: bool) -> None:
        """Send what is new or was not answered in time, and the next page once the last one is applied."""
        now = clock.now()
        for row in connection.database()[COLLECTION].find({"group": group}):
            waiting = row["asked_at"] is not None and not row["answered"] and row["asked_at"] > now - patience_with(row)
            if waiting or (row["answered"] and not caught_up):
                continue
            self._send(row)

    def receive(self, answer: ResendAnswered) -> None:
        """Take note of an answer: finished, or where the next page begins. An answer that comes again changes nothing."""
        query = {"group": answer.group, "topic": answer.topic, "request_id": answer.request_id, "answered": False}
        next_page = {"$set": {"answered": True, "after": answer.next_after}, "$inc": {"page": 1}}

        def work() -> None:
            rows = connection.database()[COLLECTION]
            if answer.done:
                rows.delete_many(query)
            else:
                rows.update_many(query, next_page)

        in_new_transaction(work)

    def receive_keys(self, answer: KeysAnswered) -> Sequence[UUID]:
        """Take note of an answer; return the keys of which the owner has nothing, unless that was not asked of it."""

        def work() -> Sequence[UUID]:
            query = {"group": answer.group, "topic": answer.topic, "request_id": answer.request_id}
            rows = connection.database()[COLLECTION]
            row = rows.find_one(query)
            rows.delete_many(query)
            asked = {wanted["key"] for wanted in row.get("wanted", ())} if row else set()
            return [key for key in answer.unknown if key in asked]

        return in_new_transaction(work)

    def _send(self, row: dict[str, Any]) -> None:
        """Send a request; a repeat carries the id of the first.

        The answer to either counts, so an owner that is slower than the repeats is still heard.
        """
        known = None if row["answered"] else row.get("request_id")
        request = _request_of(row, known or ids.new())
        repeats = 0 if known is None or row["asked_at"] is None else row.get("repeats", 0) + 1
        asked = {"asked_at": clock.now(), "answered": False, "request_id": request.request_id, "repeats": repeats}
        change = {"$set": asked}
        in_new_transaction(lambda: connection.database()[COLLECTION].update_one({"_id": row["_id"]}, change))
        send_control(self._kafka, request, self._service)
        log.info("history asked for", group=row["group"], topic=row["topic"], keys=len(row.get("wanted", ())))


def _request_of(row: dict[str, Any], request_id: UUID) -> ResendRequested | KeysRequested:
    group, topic = row["group"], row["topic"]
    if "wanted" in row:
        wanted = tuple(KeyWanted(**one) for one in row["wanted"])
        return KeysRequested(request_id=request_id, group=group, topic=topic, wanted=wanted)
    return ResendRequested(
        request_id=request_id,
        group=group,
        topic=topic,
        key=row["key"],
        from_sequence=row["from_sequence"],
        after=row["after"],
        page=row["page"],
    )


def patience_with(row: dict[str, Any]) -> timedelta:
    """Return how long an answer to a request is waited for: each time twice as long, an owner may be away for days."""
    first, longest = settings().resend_repeat_seconds, settings().resend_repeat_max_seconds
    return timedelta(seconds=min(first * 2 ** min(row.get("repeats", 0), 20), max(first, longest)))


class Answers:
    """Answers what this service, as the owner of topics, is asked for.

    The rows asked for become pending again and go out through the relay: a topic has one writer, so that its checkpoints
    cover all of it and no loss can hide behind a copy.
    """

    def __init__(self, service: str, kafka: KafkaLog) -> None:
        self._service, self._kafka = service, kafka
        outboxes: list[AnyOutbox] = [EventOutbox(f"score.{service}"), *compacted_outboxes(service)]
        self._outboxes = {outbox.topic: outbox for outbox in outboxes}

    def answer_keys(self, request: KeysRequested) -> None:
        outbox = self._outboxes.get(request.topic)
        if outbox is None:
            return
        found = {
            one: outbox.page_of(one.key, one.from_sequence, None, settings().resend_page).rows for one in request.wanted
        }
        for one, rows in found.items():
            if one.answering:
                outbox.send_again(rows, one.answering)
        outbox.send_again([row for one, rows in found.items() if not one.answering for row in rows])
        answer = KeysAnswered(
            request_id=request.request_id,
            group=request.group,
            topic=request.topic,
            sent=sum(map(len, found.values())),
            unknown=tuple(one.key for one, rows in found.items() if not rows),
        )
        send_control(self._kafka, answer, self._service)
        metrics.RELAY_RESENT.labels(request.topic, "asked").inc(answer.sent)
        log.info(
            "keys sent again", group=request.group, topic=request.topic, keys=len(found), unknown=len(answer.unknown)
        )

    def answer(self, request: ResendRequested) -> None:
        outbox = self._outboxes.get(request.topic)
        if outbox is None:
            return
        page = outbox.page_of(request.key, request.from_sequence, request.after, settings().resend_page)
        outbox.send_again(page.rows, request.request_id if request.key else None)
        answer = ResendAnswered(
            request_id=request.request_id,
            group=request.group,
            topic=request.topic,
            next_after=page.next_after,
            done=page.next_after is None,
            sent=len(page.rows),
        )
        send_control(self._kafka, answer, self._service)
        metrics.RELAY_RESENT.labels(request.topic, "asked").inc(len(page.rows))
        log.info("history sent again", group=request.group, topic=request.topic, rows=len(page.rows), done=answer.done)


def send_control(kafka: KafkaLog, message: ControlMessage, service: str) -> None:
    record = sealed(control_record(message, service=service, message_id=ids.new(), time=clock.now()))
    kafka.send(CONTROL_TOPIC, record.key, record.headers, record.value)
