"""The members of a simulated group, and what an observer is told."""

from __future__ import annotations

from dataclasses import dataclass, field

from shared.messaging.bookmarks import Bookmark, Place
from shared.messaging.inbox.delivery import Delivery
from shared.messaging.inbox.parking import ParkingLot
from shared.messaging.inbox.policy import Result
from shared.messaging.ports import Incoming
from shared.messaging.subscriptions import ConsumerGroup
from tests.resilience.simulation.faulty import FaultyInbox


@dataclass(slots=True)
class Consumer:
    """One member of a group. A zombie goes on with positions that were taken over by another."""

    delivery: Delivery
    lot: ParkingLot
    bookmarks: dict[Place, Bookmark] = field(default_factory=dict)


class Silent:
    def handled(self, record: Incoming, result: Result) -> None: ...
    def failed(self, record: Incoming, error: Exception) -> None: ...


@dataclass
class Group:
    consumer_group: ConsumerGroup
    inbox: FaultyInbox
    committed: dict[Place, Bookmark] = field(default_factory=dict)
    members: list[Consumer] = field(default_factory=list)
