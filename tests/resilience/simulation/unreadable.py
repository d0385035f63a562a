"""What a group cannot read: garbage of strangers, events with a broken content, and events newer than its release.

The last is read after an upgrade. The others never are: an operator gives them up, and their keys go on.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from shared.contracts.envelope import Envelope
from shared.contracts.event import type_of
from shared.contracts.events.enrollment import InstitutionRegistered, InstitutionSuspended
from shared.messaging.errors import OutOfOrder
from shared.messaging.ports import Parked
from tests.resilience.simulation.faulty import Faults, FaultyLog
from tests.resilience.simulation.members import Group

NEWER = type_of(InstitutionSuspended)
OLDER = NEWER.replace(".v1", ".v0")
GARBAGE_KEY = b"no key"


class Unreadable:
    """Spoils what a world writes, and knows what of it cannot be mended. `broken` are ids of committed events."""

    def __init__(self, faults: Faults, log: FaultyLog) -> None:
        self._faults, self._log = faults, log
        self.broken: set[UUID] = set()

    def spoil(self, envelope: Envelope) -> Envelope:
        """Break the content of an event now and then; nothing would end the wait for a broken registration."""
        if envelope.type == type_of(InstitutionRegistered) or not self._faults.strike(2):
            return envelope
        self.broken.add(envelope.id)
        return replace(envelope, body=b"{}")

    def write_garbage(self, topic: str, partition: int) -> None:
        self._log.append(topic, partition, GARBAGE_KEY, [("ce_type", b"?")], b"{")

    def change_release(self, group: Group) -> None:
        """Let a release that cannot read suspensions take the place of this one, or the other way round."""
        handlers = group.consumer_group.handlers
        known, other = (NEWER, OLDER) if NEWER in handlers else (OLDER, NEWER)
        handlers[other] = handlers.pop(known)

    def upgrade(self, group: Group) -> None:
        if OLDER in group.consumer_group.handlers:
            self.change_release(group)

    def give_up(self, group: Group, rows: Sequence[Parked]) -> None:
        """Discard what no retry will ever read."""
        for parked in rows:
            if parked.event_id in self.broken or parked.record.key == GARBAGE_KEY:
                with contextlib.suppress(OutOfOrder):
                    group.members[-1].lot.discard(parked, "it cannot be read")
