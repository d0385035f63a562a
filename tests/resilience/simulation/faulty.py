"""The in-memory ports, made to fail as the world does: crashes around every call, lost acknowledgements, an absent store."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from shared.messaging.bookmarks import EPOCH_HEADER
from shared.messaging.ports import Acknowledged, Checkpoints, Incoming, NotSent, Outgoing
from tests.support.memory_inbox import MemoryInbox
from tests.support.memory_ports import MemoryLog, MemoryOutbox

T = TypeVar("T")


class Crash(BaseException):
    """The process is gone. Not an `Exception`: nothing in it may catch this."""


class Away(Exception):
    """The store does not answer."""


class Faults:
    """How often what goes wrong; nothing once the world heals."""

    def __init__(self, rng: random.Random, rate: float) -> None:
        self._rng, self._rate = rng, rate
        self.injected = 0

    def strike(self, share: float = 1.0) -> bool:
        hit = self._rng.random() < self._rate * share
        self.injected += hit
        return hit

    def crash(self, share: float = 1.0) -> None:
        if self.strike(share):
            raise Crash

    def heal(self) -> None:
        self._rate = 0.0


class FaultyLog(MemoryLog):
    def __init__(self, faults: Faults, partitions: int) -> None:
        super().__init__(partitions)
        self._faults = faults

    def publish(self, records: Sequence[Outgoing]) -> list[Acknowledged | NotSent]:
        self._faults.crash()
        results: list[Acknowledged | NotSent] = []
        for record in records:
            if self._faults.strike():
                results.append(NotSent(record, "refused"))
                continue
            sent = self._append(self._tampered(record))
            lost = self._faults.strike(0.5)
            results.append(NotSent(record, "acknowledgement lost") if lost else sent)
        self._faults.crash()
        return results

    def _tampered(self, record: Outgoing) -> Outgoing:
        """Let somebody on the way claim an epoch that the owner will never reach, now and then."""
        if not self._faults.strike(2):
            return record
        forged = [(name, b"999999999" if name == EPOCH_HEADER else value) for name, value in record.headers]
        return replace(record, headers=forged)


class FaultyOutbox(MemoryOutbox):
    def __init__(self, topic: str, faults: Faults) -> None:
        super().__init__(topic)
        self.token = 0
        self._faults = faults

    def mark(self, sent: Sequence[Acknowledged], reached: Checkpoints) -> None:
        self._faults.crash()
        super().mark(sent, reached)
        self._faults.crash()


class Overtaken(Exception):
    """The lease has passed on: the store refuses what this relay says."""


class LeasedOutbox:
    """One relay's view of an outbox: what it writes is fenced by the token of the lease it last held."""

    def __init__(self, outbox: FaultyOutbox) -> None:
        self._outbox, self.topic = outbox, outbox.topic
        self.token = 0

    def take_lease(self) -> None:
        self._outbox.token += 1
        self.token = self._outbox.token

    def mark(self, sent: Sequence[Acknowledged], reached: Checkpoints) -> None:
        self._fence()
        self._outbox.mark(sent, reached)

    def reopen(self, since: datetime | None) -> int:
        self._fence()
        return self._outbox.reopen(since)

    def oldest_pending(self) -> datetime | None:
        return self._outbox.oldest_pending()

    def pending(self, after: datetime, before: datetime, limit: int) -> list[Outgoing]:
        return self._outbox.pending(after, before, limit)

    def checkpoints(self) -> Checkpoints:
        return self._outbox.checkpoints()

    def epoch(self) -> int:
        return self._outbox.epoch()

    def _fence(self) -> None:
        if self.token < self._outbox.token:
            raise Overtaken


class FaultyInbox(MemoryInbox):
    def __init__(self, faults: Faults) -> None:
        super().__init__()
        self._faults = faults

    def transaction(self, work: Callable[[], T]) -> T:
        if self._faults.strike(0.5):
            raise Away
        self._faults.crash(0.5)

        def until_commit() -> T:
            result = work()
            self._faults.crash(0.5)
            return result

        result = super().transaction(until_commit)
        self._faults.crash(0.5)
        return result

    def begin(self, record: Incoming) -> int:
        tries = super().begin(record)
        self._faults.crash(0.2)
        return tries
