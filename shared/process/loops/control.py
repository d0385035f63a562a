"""Runs the loop of a worker that hears the control topic, and says there what the other services have to know.

Only what a process of the platform has sealed is heard (`shared/messaging/seals.py`), and each such message once: what
somebody copied from the topic and sent again changes nothing.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from pymongo.errors import PyMongoError

from shared.access import ended_tokens
from shared.contracts.control import (
    CONTROL_TOPIC,
    ControlMessage,
    KeysAnswered,
    KeysRequested,
    ResendAnswered,
    ResendRequested,
    TokenEnded,
    control_from_record,
)
from shared.contracts.wire.record import Attributes, Record
from shared.contracts.wire.shape import Undecodable
from shared.kernel import clock
from shared.kernel.service import Service
from shared.kernel.settings.current import settings
from shared.messaging.bookmarks import Bookmark
from shared.messaging.inbox.store import MongoInbox
from shared.messaging.kafka.cluster import Unreachable
from shared.messaging.kafka.consumer import GroupConsumer
from shared.messaging.kafka.producer import KafkaLog
from shared.messaging.outbox.resend import Answers, Requests, send_control
from shared.messaging.ports import Incoming
from shared.messaging.seals import is_sealed
from shared.observability import logs, metrics
from shared.storage import connection

log = logs.get(__name__)
SHORT_REST = 0.5
CONTROL_REST = 0.2
TELL_EVERY = 1.0
REPEATS_WORTH_HEARING = 30
REQUESTS = (ResendRequested, KeysRequested)
REMEMBERED = 10_000  # newest messages that were heard


class ControlLoop:
    """Hears the control topic: requests to this service's topics, answers to its groups, tokens ended elsewhere.

    It says there which tokens ended here.
    """

    def __init__(self, service: Service, requests: Requests, stop: threading.Event) -> None:
        self._service, self._requests, self._stop = service, requests, stop
        self._kafka = KafkaLog(f"{service.name}-resend-{os.getpid()}")
        self._answers = Answers(service.name, self._kafka)
        self._slot = settings().worker_slot
        self._tell_at = 0.0
        self._heard: dict[UUID, None] = {}

    def run(self) -> None:
        while not self._stop.is_set():
            try:
                self._listen()
            except PyMongoError as error:
                if not connection.is_to_blame(error):
                    raise
                self._stop.wait(SHORT_REST)
            except Unreachable as error:
                log.warning("broker away", loop="control", error=type(error).__name__)
                self._stop.wait(SHORT_REST)
        self._kafka.close()

    def _listen(self) -> None:
        group, client = f"{self._service.name}.control", f"{self._service.name}-worker-{os.getpid()}"
        consumer = GroupConsumer(group, [CONTROL_TOPIC], client, self._slot)
        try:
            while not self._stop.is_set():
                self._stop.wait(CONTROL_REST)
                if time.monotonic() >= self._tell_at:
                    ended_tokens.tell(lambda message: send_control(self._kafka, message, self._service.name))
                    self._tell_at = time.monotonic() + TELL_EVERY
                self._hear(consumer, consumer.poll())
        finally:
            consumer.close()

    def _hear(self, consumer: GroupConsumer, records: Sequence[Incoming]) -> None:
        """Handle messages in order; of a request's repeats, one is enough."""
        messages = [(record, self._said(record)) for record in records]
        newest = {message.request_id: message for _, message in messages if isinstance(message, REQUESTS)}
        for record, message in messages:
            if self._stop.is_set():
                return  # what is not committed is heard by the next worker
            if message and not (isinstance(message, REQUESTS) and newest[message.request_id] is not message):
                self._handle(message, record.timestamp)
            consumer.commit({(record.topic, record.partition): Bookmark(record.offset + 1)})
        for record, message in messages:
            if message:
                self._remember(_id_of(record))

    def _said(self, record: Incoming) -> ControlMessage | None:
        message = _message(record)
        return message if message and _id_of(record) not in self._heard else None

    def _handle(self, message: ControlMessage, sent_at: datetime | None) -> None:
        match message:
            case TokenEnded():
                ended_tokens.keep(message)
            case ResendAnswered() if self._is_ours(message.group):
                self._requests.receive(message)
            case KeysAnswered() if self._is_ours(message.group):
                if unknown := self._requests.receive_keys(message):
                    inbox = MongoInbox(message.group)
                    inbox.transaction(lambda: inbox.note_unknown(message.topic, unknown, clock.now()))
            case ResendRequested() if not is_stale(sent_at):
                self._answers.answer(message)
            case KeysRequested() if not is_stale(sent_at):
                self._answers.answer_keys(message)

    def _is_ours(self, group: str) -> bool:
        return group.startswith(f"{self._service.name}.")

    def _remember(self, message_id: UUID) -> None:
        self._heard[message_id] = None
        if len(self._heard) > REMEMBERED:
            del self._heard[next(iter(self._heard))]


def _message(record: Incoming) -> ControlMessage | None:
    if not is_sealed(Record(record.key or b"", record.headers, record.value)):
        metrics.UNSEALED.labels("control").inc()
        return None
    try:
        _id_of(record)
        return control_from_record(record.key, record.headers, record.value)
    except Undecodable as garbage:
        log.warning("control message ignored", reason=str(garbage))
        return None


def _id_of(record: Incoming) -> UUID:
    return Attributes(record.headers).id("id")


def is_stale(asked_at: datetime | None) -> bool:
    """Return whether a request is so old that it was repeated or answered long ago: a new control group reads all of it."""
    patience = timedelta(seconds=settings().resend_repeat_seconds * REPEATS_WORTH_HEARING)
    return asked_at is not None and clock.now() - asked_at > patience
