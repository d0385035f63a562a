"""The owners of the simulation: transactions that record events, visible at once or a little late."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from shared.contracts.envelope import Envelope
from shared.contracts.event import Event, topic_of
from shared.contracts.events.enrollment import InstitutionRegistered, InstitutionSuspended
from shared.contracts.events.notifications import LetterSent
from shared.messaging.ports import Outgoing
from tests.resilience.simulation.faulty import FaultyOutbox
from tests.resilience.simulation.unreadable import Unreadable

CAUSES = [UUID(int=number) for number in range(1, 7)]


class Owners:
    """`events` are all that were recorded, `sequences` how many of each key."""

    def __init__(self, rng: random.Random, outboxes: Mapping[str, FaultyOutbox], unreadable: Unreadable) -> None:
        self._rng, self._outboxes, self._unreadable = rng, outboxes, unreadable
        self.sequences: dict[UUID, int] = {}
        self.events: list[Envelope] = []
        self._late: list[tuple[datetime, Outgoing]] = []

    def command(self, now: datetime) -> None:
        """One transaction of the owner: one or two events of one aggregate, visible now or a little late."""
        cause = UUID(int=self._rng.randrange(1, 7))
        if self._rng.random() < 0.4:
            letter = UUID(int=1000 + self._rng.randrange(1, 5))
            events: list[Event] = [LetterSent(letter_id=letter, template="t", cause_id=UUID(int=1), recipient_id=cause)]
        elif self.sequences.get(cause, 0) == 0:
            events = [InstitutionRegistered(institution_id=cause, kind="other", province="ID-JT")]
        else:
            events = [InstitutionSuspended(institution_id=cause, reason="r") for _ in range(self._rng.randrange(1, 3))]
        for event in events:
            self._record(event, now, late=self._rng.random() < 0.1)

    def _record(self, event: Event, now: datetime, *, late: bool) -> None:
        key = event.letter_id if isinstance(event, LetterSent) else event.institution_id  # type: ignore[attr-defined]
        self.sequences[key] = self.sequences.get(key, 0) + 1
        envelope = Envelope.around(
            event, id=UUID(int=self._rng.getrandbits(128)), time=now, sequence=self.sequences[key],
            correlation_id=UUID(int=self._rng.getrandbits(128)),
        )  # fmt: skip
        envelope = self._unreadable.spoil(envelope)
        self.events.append(envelope)
        topic = topic_of(type(event))
        row = Outgoing(envelope.id, topic, key, envelope.sequence, envelope.headers(), envelope.body, now)
        if late or any(waiting.key == key for _, waiting in self._late):
            self._late.append((now + timedelta(seconds=self._rng.randrange(1, 10)), row))
        else:
            self._outboxes[topic].add(row)

    def settle_late(self, now: datetime, *, everything: bool = False) -> None:
        for moment, row in [entry for entry in self._late if everything or entry[0] <= now]:
            self._outboxes[row.topic].add(row)
            self._late.remove((moment, row))

    def register_missing(self, now: datetime) -> None:
        """Register what nobody has registered, so that nothing waits for ever."""
        for cause in CAUSES:
            if self.sequences.get(cause, 0) == 0:
                self._record(
                    InstitutionRegistered(institution_id=cause, kind="other", province="ID-JT"), now, late=False
                )
