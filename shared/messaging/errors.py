"""The errors between services, named by situation."""

from __future__ import annotations

from uuid import UUID

from shared.contracts.event import Event, type_of
from shared.contracts.wire.shape import Undecodable
from shared.messaging.ports import waiting_key


class BreakerOpen(Exception):
    """So many records failed in a row that going on would park the world."""


class NewerVersion(Exception):
    """A major version that this release cannot read. Parked; retried after the upgrade."""


class PoisonRecord(Exception):
    """Every process that began this record died before it had finished."""


class OutOfOrder(Exception):
    """Only the record that blocks its key can be discarded; what queues behind it has its turn later."""


class Retired(Exception):
    """This generation is neither read nor built any more: nothing may be written for it."""


class AlreadyBuilding(Exception):
    """A generation is being built; another one would have to start from the beginning."""


class NotParked(LookupError):
    """There is no such record, or it was discarded before."""


class WaitFor(Exception):
    """The handler needs an event that has not arrived. The record waits; the event wakes it."""

    def __init__(self, needed: type[Event], key: UUID) -> None:
        self.needed = type_of(needed)
        self.waiting_for = waiting_key(type_of(needed), key)
        super().__init__(f"needs {needed.__name__} of {key}")


class UndeclaredWait(RuntimeError):
    """A handler waits for an event that it did not name with `waits_for`: nobody checked that the wait can end."""


class HistoryConflict(Exception):
    """The same place of a key's history holds two different events."""


class NotDecoded(Undecodable):
    """The broker's client could not take the record apart."""


class Overtaken(RuntimeError):
    """Another relay holds the lease: what this one sent stays pending, and is sent again by the holder."""


class EndlessWait(RuntimeError):
    """A group declares a wait that nothing could end; the message says which."""
