"""One slot of the toy's group as a process of its own, so that it can be stopped, killed and told to leave like a worker.

It runs the platform's own loop, and says as JSON lines what that loop sees: `assigned` (partitions), `polled` (how many
records), `committed` (partitions) or `refused` (why). Store, broker, slot and failpoints come with the environment.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Mapping
from typing import Any

from kafka.errors import KafkaError

from shared.messaging.bookmarks import Bookmark, Place
from shared.messaging.inbox import runner as consumer
from shared.messaging.kafka.consumer import GroupConsumer
from shared.messaging.kafka.producer import KafkaLog
from shared.messaging.outbox.resend import Requests
from shared.messaging.ports import Incoming
from shared.messaging.subscriptions import ConsumerGroup
from shared.observability import logs
from shared.storage import connection
from tests.support import toy
from tests.support.worker_loops import OWNER


def publish_party(**what: Any) -> None:
    print(json.dumps(what), flush=True)


class Telling(GroupConsumer):
    def poll(self, wait_ms: int = 0) -> list[Incoming]:
        records = super().poll(wait_ms)
        if records:
            publish_party(polled=len(records))
        return records

    def newly_assigned(self) -> list[Place] | None:
        places = super().newly_assigned()
        if places:
            publish_party(assigned=sorted(partition for _, partition in places))
        return places

    def commit(self, bookmarks: Mapping[Place, Bookmark]) -> bool:
        places = sorted(partition for _, partition in bookmarks)
        try:
            committed = super().commit(bookmarks)
        except KafkaError as reason:
            publish_party(refused=type(reason).__name__)
            raise
        publish_party(**({"committed": places} if committed else {"refused": "moved on"}))
        return committed


def slow(group: ConsumerGroup, seconds: float) -> ConsumerGroup:
    """Each handler takes its time, so that a group is caught in the middle of a batch."""

    def slowed(react: Any) -> Any:
        def handler(event: Any, about: Any) -> None:
            time.sleep(seconds)
            react(event, about)

        return handler

    group.handlers = {kind: slowed(react) for kind, react in group.handlers.items()}
    return group


def main(group: str, seconds: str) -> None:
    stop, asked = threading.Event(), list[int]()
    signal.signal(signal.SIGTERM, lambda number, _: asked.append(number))
    logs.configure(OWNER.name, f"worker {os.environ['SCORE_WORKER_SLOT']}")
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(sys.stderr)  # what it says goes to the output
    consumer.GroupConsumer = Telling  # type: ignore[misc]
    connection.connect(toy.SERVICE.name)
    log = KafkaLog(f"toy-requests-{os.getpid()}")
    runner = consumer.GroupRunner(
        OWNER.name, slow(toy.recording(group), float(seconds)), Requests(OWNER.name, log), stop
    )
    loop = threading.Thread(target=runner.run)
    loop.start()
    test = os.getppid()
    while loop.is_alive() and os.getppid() == test and not asked:
        time.sleep(0.05)
    stop.set()
    loop.join()
    log.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
