"""Parking instead of a dead-letter topic: per key, in order, with a reason.

`gap` is due when the missing record was applied. `waiting` is tried again when the event it names arrives, and by
backoff. `failed` waits for an operator, who retries it or discards it with a reason. A failed record blocks its key; what
follows it is a gap and queues behind by the same comparison.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from shared.messaging.errors import WaitFor
from shared.messaging.inbox.delivery import Delivery
from shared.messaging.inbox.parked import failure_of
from shared.messaging.ports import Parked


class ParkingLot:
    """Takes parked records of one group out again: by their time, by hand, or by discarding them."""

    def __init__(self, delivery: Delivery) -> None:
        self._delivery, self._inbox = delivery, delivery.inbox

    def retry_due(self, most: int = 1000) -> int:
        """Try the records whose time has come, and those that become due by it; returns how many went through.

        Stops after `most`, so that a long queue does not keep its group from the broker; the rest is still due.
        """
        through = 0
        while due := self._inbox.due(self._delivery.now()):
            went = 0
            for parked in due:
                went += self.retry(parked)
                if through + went >= most:
                    return through + went
            if not went:
                break
            through += went
        return through

    def reconsider(self) -> int:
        """Give what an earlier release could not read, and this one can, its turn again; returns how many there are."""
        readable = [parked for parked in self._inbox.failed() if self._delivery.applier.can_read_now(parked)]
        for parked in readable:
            self._call_up(replace(parked, reason="waiting", next_try_at=self._delivery.now()))
        return len(readable)

    def _call_up(self, parked: Parked) -> None:
        self._inbox.transaction(lambda: self._inbox.postpone(parked))

    def retry(self, parked: Parked) -> bool:
        """Try one record, whatever its reason; true when it is applied or was superseded."""
        try:
            return self._delivery.apply_parked(parked)
        except WaitFor as missing:
            policy = self._delivery.policy
            pause = min(policy.waiting_first * 2 ** min(parked.tries, 20), policy.waiting_longest)
            again = replace(
                parked,
                tries=parked.tries + 1,
                reason="waiting",
                detail=str(missing),
                waiting_for=missing.waiting_for,
                next_try_at=self._delivery.now() + timedelta(seconds=pause),
            )
        except Exception as failure:  # it stays parked, for an operator to look at
            if self._delivery.is_away(failure):
                raise
            detail = f"{type(failure).__name__}: {failure}"
            again = replace(parked, tries=parked.tries + 1, reason="failed", next_try_at=None)
            if parked.failure != "forged":  # what is known of that stays
                again = replace(again, detail=detail, failure=failure_of(failure))
        self._inbox.transaction(lambda: self._keep(again))
        return False

    def discard(self, parked: Parked, why: str) -> None:
        """Give a record up: its key goes on behind it, the record stays readable. Raises `OutOfOrder`."""
        self._inbox.transaction(lambda: self._delivery.applier.skip_parked(parked, why))

    def _keep(self, parked: Parked) -> None:
        self._inbox.postpone(parked)
        if parked.failure == "diverged":
            self._inbox.ask_anew(parked)
        self._inbox.finish(parked.record)
