"""Stores the steps of several connections in one transaction: who comes first stores what everybody has waiting.

A commit costs about the same for one letter as for a few, and is what sending waits for most.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Lock
from typing import TypeAlias
from uuid import UUID

from pymongo.errors import PyMongoError

from services.notifications.sending.commands import Claimed, Settled, Stored, store
from shared.kernel import failpoints
from shared.storage.transaction import in_racing_transaction

Step: TypeAlias = "Future[Stored]"


@dataclass(slots=True)
class Waiting:
    """What the next transaction stores, and who is told when it is done."""

    claims: dict[UUID, UUID] = field(default_factory=dict)
    handovers: list[Claimed] = field(default_factory=list)
    results: list[Settled] = field(default_factory=list)
    done: Step = field(default_factory=Future)


class NotStored(RuntimeError):
    """The transaction that somebody else began for several failed; its error is raised there."""


class Ledger:
    def __init__(self) -> None:
        self._lock, self._turn = Lock(), Lock()
        self._waiting = Waiting()
        self._settled: Callable[[UUID], None] = lambda _claim_id: None

    def tell(self, settled: Callable[[UUID], None]) -> None:
        """Have a function called with every claim whose result is stored."""
        self._settled = settled

    def claim(self, claims: Mapping[UUID, UUID]) -> Mapping[UUID, Claimed]:
        """Claim letters, each under an id for its claim; return those that may go out now."""
        with self._lock:
            self._waiting.claims.update(claims)
            step = self._waiting.done
        claimed = self._stored(step).claimed
        return {letter_id: claimed[letter_id] for letter_id in claims if letter_id in claimed}

    def hand_over(self, claimed: Claimed) -> bool:
        """Store that a letter is handed over; False where it is no longer this claim's."""
        with self._lock:
            self._waiting.handovers.append(claimed)
            step = self._waiting.done
        return claimed.claim_id in self._stored(step).handed_over

    def settle(self, *results: Settled) -> None:
        """Store what became of letters. What the store does not take now goes with the next step."""
        if not results:
            return
        with self._lock:
            self._waiting.results.extend(results)
            step = self._waiting.done
        self._stored(step)

    def flush(self) -> None:
        """Store the results that wait."""
        with self._lock:
            step = self._waiting.done if self._waiting.results else None
        if step is not None:
            self._stored(step)

    def _stored(self, step: Step) -> Stored:
        """Return what a step led to; whoever gets its turn first stores what everybody has waiting."""
        with self._turn:
            if not step.done():
                self._store_waiting()
        return step.result()

    def _store_waiting(self) -> None:
        with self._lock:
            now, self._waiting = self._waiting, Waiting()
        stored = None
        try:
            stored = in_racing_transaction(lambda: store(now.claims, now.handovers, now.results))
        except PyMongoError:
            with self._lock:  # nobody waits for results: they are stored with the next step
                self._waiting.results = [*now.results, *self._waiting.results]
            raise
        finally:
            if stored is None:
                now.done.set_exception(NotStored())
        for settled in now.results:
            self._settled(settled.claim_id)
        if now.results:
            failpoints.hit("mail.after_result")
        now.done.set_result(stored)
