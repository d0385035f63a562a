"""Hands claims over to the relay, or takes them back from their senders, whichever comes first."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from services.notifications.letters.model import Letter
from services.notifications.sending.model import Handover
from shared.kernel import clock
from shared.storage import connection
from shared.storage.transaction import current_batch, transactional

COLLECTION: Final[str] = Handover._meta["collection"]  # noqa: SLF001
WAKES_WITHIN: Final = timedelta(days=1)  # by then no relay waits any more for the text that a sleeping sender announced


def hand_over(claim_ids: Collection[UUID]) -> frozenset[UUID]:
    """Hand claims over in the running transaction; return those that nobody has taken back.

    When somebody takes one back at the same moment, the transaction is refused and has to run once more.
    """
    decided = {row["_id"] for row in _rows().find({"_id": {"$in": list(claim_ids)}}, {"_id": 1})}
    theirs, now = frozenset(claim_ids) - decided, clock.now()
    for claim_id in theirs:
        current_batch().add(COLLECTION, {"_id": claim_id, "at": now, "taken_back": False})
    return theirs


def take_back(letters: Iterable[Letter]) -> None:
    """Take claimed letters back from who claimed them, in the running transaction; where that is too late a letter is told
    when it was handed over. What is done with the letter is the caller's."""
    claimed = {letter.claim_id: letter for letter in letters if letter.state == "sending" and letter.claim_id}
    if not claimed:
        return
    moments = {row["_id"]: row["at"] for row in _rows().find({"_id": {"$in": list(claimed)}, "taken_back": False})}
    for claim_id, letter in claimed.items():
        letter.handed_over_at = letter.handed_over_at or moments.get(claim_id)
        if letter.handed_over_at is None:
            current_batch().replace(COLLECTION, {"_id": claim_id, "at": clock.now(), "taken_back": True})


@transactional
def take_back_from(recipient_id: UUID) -> None:
    """Take back what is claimed of somebody's letters, and note of the others that they were handed over."""
    for letter in Letter.objects(recipient_id=recipient_id, state="sending"):
        take_back([letter])
        if letter.handed_over_at is None:
            letter.give_back()
        letter.save()


def settle(claim_ids: Collection[UUID]) -> None:
    """Let go in the running transaction of claims of which it is stored now what became of them."""
    if claim_ids:
        _rows().delete_many({"_id": {"$in": list(claim_ids)}})


@transactional
def forget_taken_back() -> None:
    """Let go of claims that nobody can wake up to any more."""
    _rows().delete_many({"taken_back": True, "at": {"$lt": clock.now() - WAKES_WITHIN}})


def _rows() -> Any:
    return connection.database()[COLLECTION]
