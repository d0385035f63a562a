"""Erases a service's copies of a person whom another service owns, and says that they are gone.

Every service answers every erasure, also one that never held a copy: so the owner needs to know nobody's habits, and a
service that keeps more one day cannot forget to answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import ClassVar
from uuid import UUID

import mongoengine as me

from shared.contracts.catalogue import all_events
from shared.contracts.envelope import Envelope
from shared.contracts.erasure import AboutErasure, AboutErasureDone
from shared.contracts.event import owner_of
from shared.domain.aggregate import Aggregate
from shared.kernel import ids
from shared.kernel.principal import Principal
from shared.messaging import parties
from shared.messaging.inbox.store import forget_parked_versions
from shared.messaging.subscriptions import ConsumerGroup, EraseHandler
from shared.storage.row_scope import Scope
from shared.storage.transaction import transactional


class ErasedCopy(Aggregate):
    """The record that this service's copies of a person are gone; the id is derived from the person's."""

    meta: ClassVar[dict[str, object]] = {"collection": "erased_copies"}

    person_id = me.UUIDField(required=True, binary=True)

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        """Return no scope for anybody: the owner shows who has answered."""
        del principal
        return None


def answered_by(service: str) -> type[AboutErasureDone] | None:
    """Return the event by which a service says that its copies are gone; None for one that keeps nothing of persons."""
    return next((event for event in all_events(service) if issubclass(event, AboutErasureDone)), None)


def listen(
    group: ConsumerGroup,
    service: str,
    everywhere: Mapping[type[AboutErasure], EraseHandler],
    handlers: Sequence[EraseHandler],
) -> None:
    """Let a group of a service hear of everybody whom others erase.

    `everywhere` is what every service does about an erasure, its owner and one that keeps nothing of persons too.
    """
    done = answered_by(service)
    for event in all_events():
        if not issubclass(event, AboutErasure):
            continue
        forget = [everywhere[event]] if event in everywhere else []
        if done is not None and owner_of(event).name != service:
            forget.append(partial(erase_copies, done=done, handlers=handlers))
        if forget:
            group.handles(event)(partial(_erase, forget))


def _erase(forget: Sequence[EraseHandler], event: AboutErasure, _about: Envelope) -> None:
    for handler in forget:
        handler(event.person_id)


@transactional
def erase_copies(person_id: UUID, done: type[AboutErasureDone], handlers: Sequence[EraseHandler]) -> None:
    """Erase everything that this service keeps of a person, and say so once."""
    parties.forget(person_id)
    forget_parked_versions(person_id)
    for handler in handlers:
        handler(person_id)
    erasure_id = ids.derived("erasure", person_id)
    if ErasedCopy.find(erasure_id) is None:
        copy = ErasedCopy(id=erasure_id, person_id=person_id)
        copy.record(done(erasure_id=erasure_id, person_id=person_id))
        copy.save()
