"""Events that no owner has recorded, at places of histories that are taken, are next, or are still to come."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from shared.contracts.envelope import Envelope
from shared.contracts.event import Event, topic_of
from shared.contracts.events.enrollment import InstitutionSuspended
from shared.contracts.events.notifications import LetterSent
from shared.messaging.bookmarks import EPOCH_HEADER
from shared.messaging.errors import OutOfOrder
from shared.messaging.ports import Parked
from tests.resilience.simulation.faulty import FaultyLog
from tests.resilience.simulation.members import Group

FARTHEST = 3  # sequences ahead of the owner


class Forgeries:
    """Forges events of the keys that a world has written to; `ids` are theirs."""

    def __init__(self, rng: random.Random, log: FaultyLog) -> None:
        self._rng, self._log = rng, log
        self.ids: set[UUID] = set()

    def forge(self, sequences: Mapping[UUID, int], partitions: int, now: datetime) -> None:
        if not sequences:
            return
        key = self._rng.choice(sorted(sequences))
        event: Event = InstitutionSuspended(institution_id=key, reason="forged")
        if key.int > 1000:
            event = LetterSent(letter_id=key, template="forged", cause_id=UUID(int=1), recipient_id=UUID(int=1))
        about = Envelope.around(
            event, id=UUID(int=self._rng.getrandbits(128)), time=now,
            sequence=self._rng.randrange(1, sequences[key] + FARTHEST + 1),
            correlation_id=UUID(int=self._rng.getrandbits(128)),
        )  # fmt: skip
        self.ids.add(about.id)
        headers = [*about.headers(), (EPOCH_HEADER, self._rng.choice((b"0", b"7", b"999999999")))]
        self._log.append(topic_of(type(event)), key.int % partitions, str(key).encode(), headers, about.body)

    def give_up(self, group: Group, rows: Sequence[Parked]) -> None:
        """Discard what is known not to be its owner's, or of which its owner knows nothing."""
        for parked in rows:
            if parked.failure == "forged" or (parked.event_id in self.ids and parked.reason in ("gap", "failed")):
                with contextlib.suppress(OutOfOrder):
                    group.members[-1].lot.discard(parked, "it is nobody's")
