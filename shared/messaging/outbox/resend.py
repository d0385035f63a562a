"""Asks the owner of a topic for its history again, and answers such requests.

Neither the broker's retention nor its loss limits what a group can read, and no service reads another's store: a group
that misses something asks on the control topic; the owner sends one page from its outbox and says where the next begins;
the group asks for that when it has applied the last. What is not answered is asked again. Everyone else's cursors drop
the copies. An owner is asked in the same way whether a version of a party that jumped is true: what it sends in answer
names the request, whose id nobody else could know.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from shared.contracts.control import CONTROL_TOPIC, ControlMessage, ResendAnswered, ResendRequested, control_record
from shared.kernel import clock, ids
from shared.kernel.settings.current import settings
from shared.messaging.kafka.producer import KafkaLog
from shared.messaging.outbox.compacted import AnyOutbox, compacted_outboxes
from shared.messaging.outbox.events import EventOutbox
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

    def _send(self, row: dict[str, Any]) -> None:
        """Send a request; a repeat carries the id of the first.

        The answer to either counts, so an owner that is slower than the repeats is still heard.
        """
        known = None if row["answered"] else row.get("request_id")
        request = ResendRequested(
            request_id=known or ids.new(),
            group=row["group"],
            topic=row["topic"],
            key=row["key"],
            from_sequence=row["from_sequence"],
            after=row["after"],
            page=row["page"],
        )
        repeats = 0 if known is None or row["asked_at"] is None else row.get("repeats", 0) + 1
        asked = {"asked_at": clock.now(), "answered": False, "request_id": request.request_id, "repeats": repeats}
        change = {"$set": asked}
        in_new_transaction(lambda: connection.database()[COLLECTION].update_one({"_id": row["_id"]}, change))
        send_control(self._kafka, request, self._service)
        log.info("history asked for", group=row["group"], topic=row["topic"], page=row["page"])


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
    record = control_record(message, service=service, message_id=ids.new(), time=clock.now())
    kafka.send(CONTROL_TOPIC, record.key, record.headers, record.value)
