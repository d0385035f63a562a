"""One seeded history: commands, two relays per topic, two groups with zombies, and a broker that forgets.

Only ports, clock and driver are simulated; relay, delivery and parking are the production modules. A run is a pure
function of its seed. Even seeds have relays that do not know they lost their lease, odd seeds a broker that forgets: both at
once can replace a record that only the lost lease's holder knew of, which nothing but the key's next event would show.
For the same reason strangers write garbage, and forge events, under even seeds alone: a broker that forgets it tells no relay.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from shared.contracts.envelope import Envelope
from shared.contracts.event import Event, topic_of
from shared.contracts.events.enrollment import InstitutionRegistered, InstitutionSuspended
from shared.contracts.events.notifications import LetterSent
from shared.messaging.bookmarks import Bookmark, is_elsewhere, read_on
from shared.messaging.errors import BreakerOpen, WaitFor
from shared.messaging.inbox.delivery import Delivery
from shared.messaging.inbox.parking import ParkingLot
from shared.messaging.inbox.policy import DeliveryContext, DeliveryPolicy
from shared.messaging.outbox.relay import Relay, RelayPolicy
from shared.messaging.ports import Incoming
from shared.messaging.subscriptions import ConsumerGroup
from tests.resilience.simulation.faulty import (
    Away,
    Crash,
    Faults,
    FaultyInbox,
    FaultyLog,
    FaultyOutbox,
    LeasedOutbox,
    Overtaken,
)
from tests.resilience.simulation.forgeries import Forgeries
from tests.resilience.simulation.members import Consumer, Group, Silent
from tests.resilience.simulation.owners import Owners
from tests.resilience.simulation.unreadable import Unreadable

START = datetime(2026, 1, 1, tzinfo=UTC)

CAUSES, LETTERS = topic_of(InstitutionRegistered), topic_of(LetterSent)

PARTITIONS = 2

RELAYING = RelayPolicy(
    batch=5,
    window=timedelta(seconds=30),
    overlap=timedelta(seconds=20),
    margin=timedelta(seconds=20),
    guard_every=timedelta(seconds=15),
)

DELIVERING = DeliveryPolicy(attempts=3, first_pause=0.0, breaker=1000, waiting_first=1.0, waiting_longest=4.0, asks=2)


class World:
    def __init__(self, seed: int, rate: float) -> None:
        self.rng = random.Random(seed)
        self.now = START
        self.healed = False
        self.zombies = seed % 2 == 0
        self.faults = Faults(self.rng, rate)
        self.log = FaultyLog(self.faults, PARTITIONS)
        self.unreadable = Unreadable(self.faults, self.log)
        self.forgeries = Forgeries(self.rng, self.log)
        self.outboxes = {topic: FaultyOutbox(topic, self.faults) for topic in (CAUSES, LETTERS)}
        self.relays = {topic: [self._relay(topic)] for topic in self.outboxes}
        self.owners = Owners(self.rng, self.outboxes, self.unreadable)
        self.sick: set[UUID] = set()
        self.groups = [self._group("counting", needs_cause=False), self._group("answering", needs_cause=True)]

    # -- what happens ------------------------------------------------------------------------------------------------

    def live(self, steps: int) -> None:
        happenings: list[tuple[int, Callable[[], None]]] = [
            (6, lambda: self.owners.command(self.now)), (8, self.relay), (12, self.consume), (2, self.retry_parked),
            (2, self.ask_again), (1, self.take_over), (1, self.rewind), (1, self.fall_ill), (1, self.lose_tail),
            (1, lambda: self.owners.settle_late(self.now)), (1, self.write_garbage), (1, self.change_release),
            (1, self.forge),
        ]  # fmt: skip
        weights = [weight for weight, _ in happenings]
        for _ in range(steps):
            self.now += timedelta(milliseconds=self.rng.randrange(1, 900))
            self.rng.choices(happenings, weights)[0][1]()

    def heal(self) -> None:
        """All faults end; what remains must come to rest."""
        self.healed = True
        self.faults.heal()
        self.sick.clear()
        self.now += timedelta(minutes=5)
        self.owners.settle_late(self.now, everything=True)
        self.owners.register_missing(self.now)
        for group in self.groups:
            self.unreadable.upgrade(group)
            self._restart(group)
            group.members[-1].lot.reconsider()
        for _ in range(400):
            self.now += timedelta(seconds=1)
            for topic in self.relays:
                self.relays[topic][0].step()
            for group in self.groups:
                self._poll(group, group.members[-1], most=50)
                self._retry_failed(group)
                group.members[-1].lot.retry_due()
            self.ask_again()
            if self.at_rest():
                return

    def at_rest(self) -> bool:
        sent = all(outbox.oldest_pending() is None for outbox in self.outboxes.values())
        read = all(
            group.members[-1].bookmarks.get((topic, number), Bookmark(0)).offset >= bounds.end
            for group in self.groups
            for topic in group.consumer_group.topics
            for number, bounds in self.log.bounds(topic).items()
        )
        return sent and read and not any(group.inbox.stored.parked for group in self.groups)

    # -- relays ------------------------------------------------------------------------------------------------------

    def relay(self) -> None:
        """A relay takes a step: the holder of the lease, now and then one that does not know it lost it."""
        topic = self.rng.choice(list(self.relays))
        if self.zombies and self.rng.random() < 0.05:
            self.relays[topic] = [self._relay(topic), *self.relays[topic][:1]]
        number = int(self.rng.random() < 0.15 and len(self.relays[topic]) > 1)
        try:
            self.relays[topic][number].step()
        except Overtaken:
            del self.relays[topic][number]
        except Crash:
            self.relays[topic] = [self._relay(topic)]

    def _relay(self, topic: str) -> Relay:
        leased = LeasedOutbox(self.outboxes[topic])
        leased.take_lease()
        return Relay(leased, self.log, RELAYING, lambda: self.now)

    # -- groups ------------------------------------------------------------------------------------------------------

    def _group(self, name: str, *, needs_cause: bool) -> Group:
        consumer_group = ConsumerGroup(f"sim.{name}")
        inbox = FaultyInbox(self.faults)
        group = Group(consumer_group, inbox)

        def act(event: Event, about: Envelope) -> None:
            if about.key in self.sick:
                raise ValueError("a bug in this handler")
            if needs_cause and isinstance(event, LetterSent) and (event.recipient_id, 1) not in self._done(group):
                raise WaitFor(InstitutionRegistered, event.recipient_id)
            inbox.stored.effects.append((about.key, about.sequence, about.id))

        for event in (InstitutionRegistered, InstitutionSuspended):
            consumer_group.handles(event)(act)
        consumer_group.handles(LetterSent, waits_for=(InstitutionRegistered,))(act)
        group.members.append(self._member(group))
        return group

    def _done(self, group: Group) -> set[tuple[UUID, int]]:
        return {(key, sequence) for key, sequence, _ in group.inbox.stored.effects}  # type: ignore[misc]

    def _member(self, group: Group) -> Consumer:
        context = DeliveryContext(
            now=lambda: self.now, sleep=lambda _: None, within=lambda _, handler: handler(),
            is_away=lambda error: isinstance(error, Away),
        )  # fmt: skip
        delivery = Delivery(group.consumer_group, group.inbox, DELIVERING, Silent(), context, START)
        delivery.assigned((topic, number) for topic in group.consumer_group.topics for number in range(PARTITIONS))
        member = Consumer(delivery, ParkingLot(delivery))
        member.bookmarks = dict(group.committed)
        self._compare(member)
        return member

    def _compare(self, member: Consumer) -> None:
        """What a consumer does at assignment and periodically: another log than the one it read sends it to the beginning."""
        for place, bookmark in member.bookmarks.items():
            bounds = self.log.bounds(place[0])[place[1]]
            before = self.log.record_at(*place, bookmark.offset - 1)
            if is_elsewhere(bookmark, bounds, before):
                member.bookmarks[place] = Bookmark(0, "", bookmark.epoch)

    def consume(self) -> None:
        group = self.rng.choice(self.groups)
        member = group.members[-1] if self.rng.random() < 0.8 else self.rng.choice(group.members)
        try:
            self._poll(group, member, most=self.rng.randrange(1, 8))
        except Crash:
            self._restart(group)
        except (Away, BreakerOpen):
            pass

    def _poll(self, group: Group, member: Consumer, most: int) -> None:
        if self.healed or self.rng.random() < 0.2:
            self._compare(member)
        records: list[Incoming] = []
        for topic in group.consumer_group.topics:
            for number, bounds in self.log.bounds(topic).items():
                offset = member.bookmarks.get((topic, number), Bookmark(0)).offset
                if not bounds.start <= offset <= bounds.end:
                    offset = bounds.start
                kept = self.log.partitions[topic][number]
                records += kept[offset - bounds.start :][: most - len(records)]
        if not records:
            return
        member.delivery.deliver(member.delivery.decode(records))
        self.faults.crash()
        moved, _ = read_on(records, member.bookmarks)
        member.bookmarks.update(moved)
        if member is group.members[-1]:  # the broker refuses a zombie's commit
            group.committed.update(moved)

    def _restart(self, group: Group) -> None:
        group.members = [*group.members[-1:], self._member(group)]

    def take_over(self) -> None:
        self._restart(self.rng.choice(self.groups))

    def rewind(self) -> None:
        """The broker forgets commits: what was read is read again."""
        group = self.rng.choice(self.groups)
        for place in list(group.committed):
            offset = max(0, group.committed[place].offset - self.rng.randrange(0, 6))
            group.committed[place] = Bookmark(offset, "", group.committed[place].epoch)
        self._restart(group)

    def retry_parked(self) -> None:
        group = self.rng.choice(self.groups)
        try:
            group.members[-1].lot.reconsider()
            group.members[-1].lot.retry_due()
            if self.rng.random() < 0.3:
                self._retry_failed(group)
        except Crash:
            self._restart(group)
        except Away:
            pass

    def _retry_failed(self, group: Group) -> None:
        rows = sorted(group.inbox.stored.parked.values(), key=lambda row: row.sequence)
        failed = [parked for parked in rows if parked.reason == "failed"]
        for parked in failed:
            group.members[-1].lot.retry(parked)
        self.unreadable.give_up(group, failed)
        if self.healed:
            self.forgeries.give_up(group, list(group.inbox.stored.parked.values()))

    def ask_again(self) -> None:
        """The owner answers for each open gap, as its resend does: the key's events become pending once more."""
        for group in self.groups:
            for hole in group.inbox.missing(self.now):
                rows = {
                    event_id: row
                    for event_id, row in self.outboxes[hole.topic].rows.items()
                    if row.record.key == hole.key
                }
                if not any(row.record.sequence >= hole.sequence for row in rows.values()):
                    group.inbox.note_unknown(hole.topic, [hole.key], self.now)
                elif hole.request_id or not any(row.pending for row in rows.values()):
                    self.outboxes[hole.topic].send_again(list(rows), self.now, hole.request_id)

    # -- the broker, the code, and strangers -------------------------------------------------------------------------

    def fall_ill(self) -> None:
        """A bug meets some keys, until it is mended."""
        if self.sick:
            self.sick.clear()
        elif self.faults.strike(5):
            self.sick = {UUID(int=self.rng.randrange(1, 7)), UUID(int=1000 + self.rng.randrange(1, 5))}

    def change_release(self) -> None:
        if self.faults.strike(5):
            group = self.rng.choice(self.groups)
            self.unreadable.change_release(group)
            self._restart(group)

    def write_garbage(self) -> None:
        if self.zombies and self.faults.strike(10):
            self.unreadable.write_garbage(self.rng.choice(list(self.outboxes)), self.rng.randrange(PARTITIONS))

    def forge(self) -> None:
        if self.zombies and self.faults.strike(10):
            self.forgeries.forge(self.owners.sequences, PARTITIONS, self.now)

    def lose_tail(self) -> None:
        if self.zombies or not self.faults.strike(3):
            return
        topic = self.rng.choice(list(self.outboxes))
        longest = max((len(partition) for partition in self.log.partitions.get(topic, [[]])), default=0)
        self.log.truncate(topic, 0 if self.rng.random() < 0.2 else max(0, longest - self.rng.randrange(1, 10)))
