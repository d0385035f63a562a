"""Declares what a service does by itself: named groups of handlers to events, and to what travels on compacted topics.

Each group is its own consumer group with its own cursors, so a new group reads history and a failing one does not stop its
siblings. `start="beginning"` handles every event ever recorded; `start="now"` walks the same events, but only moves its cursor
for those recorded before its first start. A handler runs in the transaction that moves the cursor; it calls commands.

`projection=` names the documents of a group that keeps nothing but what events say: its rows can be written again, in a new
generation beside the old (`generations`). Its handlers ask there which generation's rows they write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, TypeVar, get_args
from uuid import UUID

from shared.contracts.catalogue import class_for
from shared.contracts.envelope import Envelope
from shared.contracts.erasure import AboutErasure
from shared.contracts.event import Event, topic_of, type_of
from shared.contracts.parties import CONTACTS, Party, PartyKind
from shared.contracts.reference import REFERENCE
from shared.contracts.wire.compacted import Said, Tombstone
from shared.kernel.service import Declaration
from shared.messaging.bookmarks import header_of
from shared.messaging.errors import UndeclaredWait, WaitFor
from shared.messaging.ports import Incoming

F = TypeVar("F", bound=Event)
EventHandler = Callable[[F, Envelope], None]
PartyHandler = Callable[[Party | Tombstone], None]
CopyHandler = Callable[[Any], None]
EraseHandler = Callable[[UUID], None]
Prefetch = Callable[[Sequence[tuple[Event, Envelope]]], None]


def keeps_copy(_said: Said) -> None:
    """Do nothing: the copy is kept before."""


EVERY_KIND: Final[tuple[PartyKind, ...]] = get_args(PartyKind)


@dataclass(frozen=True, slots=True)
class Copied:
    """What a group keeps of what an owner says on a compacted topic: no more than it has a use for."""

    kinds: tuple[str, ...]
    addresses: bool = False

    def of(self, said: Said) -> Said | None:
        """Return what is kept of a thing, None for one of another kind. What is to be forgotten has no kind."""
        if isinstance(said, Tombstone):
            return said
        if said.kind not in self.kinds:
            return None
        return said.without_addresses() if isinstance(said, Party) and not self.addresses else said


class ConsumerGroup(Declaration):
    """Declares a consumer group: `billing = ConsumerGroup("finance.billing")`, then `@billing.handles(TrainingDelivered)`."""

    def __init__(
        self,
        group: str,
        *,
        start: Literal["beginning", "now"] = "beginning",
        projection: tuple[type[Any], ...] = (),
    ) -> None:
        if projection and start == "now":
            raise ValueError(f"{group} keeps a projection: it needs history")
        self.group, self.start, self.projection = group, start, projection
        self.fence: Callable[[], None] | None = None  # called first in each transaction of the group; it may refuse it
        self.prefetching: Prefetch | None = None
        self.handlers: dict[str, EventHandler[Any]] = {}
        self.copy_handlers: dict[str, CopyHandler] = {}
        self.copied: dict[str, Copied] = {}
        self.erase_handlers: list[EraseHandler] = []
        self.waits: dict[str, set[str]] = {}
        self._topics: set[str] = set()

    def handles(
        self, event: type[F], *, waits_for: tuple[type[Event], ...] = ()
    ) -> Callable[[EventHandler[F]], EventHandler[F]]:
        """Declare the handler of an event; `waits_for` names every event that it may say `WaitFor` about."""

        def register(handler: EventHandler[F]) -> EventHandler[F]:
            if type_of(event) in self.handlers:
                raise ValueError(f"{self.group} reacts to {event.__name__} twice")
            self.handlers[type_of(event)] = handler
            if waits_for:
                self.waits[type_of(event)] = {type_of(needed) for needed in waits_for}
            self._topics.add(topic_of(event))
            return handler

        return register

    def handles_party(
        self, owner: str, *, kinds: tuple[PartyKind, ...] = EVERY_KIND, addresses: bool = False
    ) -> Callable[[PartyHandler], PartyHandler]:
        """Declare the handler of an owner's parties. A copy is kept of these `kinds`, without their addresses unless the
        service writes to them."""

        def register(handler: PartyHandler) -> PartyHandler:
            self._copy(CONTACTS.of(owner), Copied(kinds, addresses), handler)
            return handler

        return register

    def keeps_parties(self, owner: str, *, kinds: tuple[PartyKind, ...]) -> None:
        """Declare that a copy of an owner's parties is all that is wanted: pages show names beside ids."""

        self._copy(CONTACTS.of(owner), Copied(kinds), keeps_copy)

    def keeps_reference(self, owner: str, *, kinds: tuple[str, ...]) -> None:
        """Declare that a copy is wanted of what an owner has others show: titles of modules, venues."""
        self._copy(REFERENCE.of(owner), Copied(kinds), keeps_copy)

    def erases(self, handler: EraseHandler) -> EraseHandler:
        """Declare what else of a person goes when the person is erased, beside the copy of the party.

        It runs in the transaction in which the service says that its copy is gone (`shared.erasure`).
        """
        self.erase_handlers.append(handler)
        return handler

    def prefetch(self, prefetching: Prefetch) -> Prefetch:
        """Register what is called in a batch's transaction with the events that its handlers are about to be called for.

        What they will read can be read at once. It only saves time: a handler that is called alone reads for itself.
        """
        self.prefetching = prefetching
        return prefetching

    def renamed(self, name: str, wrap: Callable[[Callable[..., None]], Callable[..., None]]) -> ConsumerGroup:
        """Make a consumer group of another name, with the same handlers, each of them wrapped."""
        group = ConsumerGroup(name, projection=self.projection)
        group.prefetching = wrap(self.prefetching) if self.prefetching else None
        group.handlers = {kind: wrap(handler) for kind, handler in self.handlers.items()}
        group.waits = self.waits
        group._topics = set(self._topics)
        return group

    def react(self, event: Event, envelope: Envelope) -> None:
        """Run the handler to an event; raises `UndeclaredWait` instead of a `WaitFor` that was not declared."""
        try:
            self.handlers[envelope.type](event, envelope)
        except WaitFor as missing:
            if missing.needed not in self.waits.get(envelope.type, ()):
                raise UndeclaredWait(f"{envelope.type} waits for {missing.needed}") from missing
            raise

    def _copy(self, topic: str, copied: Copied, handler: CopyHandler) -> None:
        if self.projection:
            raise ValueError(f"{self.group} keeps a projection: copies of others' things have no generations")
        self.copy_handlers[topic], self.copied[topic] = handler, copied

    @property
    def topics(self) -> tuple[str, ...]:
        return tuple(sorted(self._topics | set(self.copy_handlers)))

    def is_urgent(self, event_type: str) -> bool:
        """Say whether an event is applied on arrival, whatever of its key is still missing: somebody is to be forgotten."""
        event = class_for(event_type) if event_type in self.handlers else None
        return event is not None and issubclass(event, AboutErasure)

    def is_unknown_version(self, event_type: str) -> bool:
        """Say whether the type is another version of an event that this group reacts to."""
        name = event_type.rpartition(".v")[0]
        return event_type not in self.handlers and any(handled.rpartition(".v")[0] == name for handled in self.handlers)

    def only_passes(self, event_type: str) -> bool:
        """Say whether an event of this type changes nothing but the cursor of its key."""
        return (
            event_type not in self.handlers
            and class_for(event_type) is not None
            and not self.is_unknown_version(event_type)
        )

    def is_concerned(self, topic: str, event_types: Iterable[str]) -> bool:
        """Say whether there is more to do about records of these types than to move cursors; about copies there always is."""
        return topic in self.copy_handlers or not all(map(self.only_passes, event_types))

    def is_concerned_by(self, record: Incoming) -> bool:
        return self.is_concerned(record.topic, [header_of(record, "ce_type")])

    def applies(self, envelope: Envelope, started_at: datetime) -> bool:
        """Say whether this group acts on the event, or only moves its cursor past it."""
        return envelope.type in self.handlers and not (self.start == "now" and envelope.time < started_at)
