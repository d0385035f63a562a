"""Records, a clock and a consumer group for tests over the memory ports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from shared.contracts.envelope import Envelope
from shared.contracts.event import Event, topic_of
from shared.contracts.events.enrollment import InstitutionRegistered, InstitutionSuspended
from shared.kernel import ids
from shared.messaging.inbox.delivery import Delivery
from shared.messaging.inbox.parking import ParkingLot
from shared.messaging.inbox.policy import DeliveryContext, DeliveryPolicy
from shared.messaging.ports import Incoming, Outgoing
from shared.messaging.subscriptions import ConsumerGroup
from tests.support.memory_inbox import MemoryInbox

TOPIC = "score.enrollment"
START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
KEYS = tuple(UUID(int=number + 1) for number in range(5))
POLICY = DeliveryPolicy(attempts=3, first_pause=0.1, breaker=5, waiting_first=1, waiting_longest=60)


class Clock:
    def __init__(self, now: datetime = START) -> None:
        self.now = now
        self.slept: list[float] = []

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def pass_(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def registered(key: UUID) -> InstitutionRegistered:
    return InstitutionRegistered(institution_id=key, kind="private_provider", province="ID-JB")


def suspended(key: UUID, reason: str = "audit") -> InstitutionSuspended:
    return InstitutionSuspended(institution_id=key, reason=reason)


def envelope(event: Event, key: UUID, sequence: int, at: datetime = START) -> Envelope:
    event_id = ids.derived("event", type(event).__name__, key, sequence)
    return Envelope.around(event, id=event_id, time=at, sequence=sequence, correlation_id=event_id)


def nth(key: UUID, sequence: int, at: datetime = START) -> Envelope:
    """The history of every key: registered, then suspended again and again."""
    return envelope(registered(key) if sequence == 1 else suspended(key), key, sequence, at)


def outgoing(key: UUID, sequence: int, at: datetime = START) -> Outgoing:
    event = nth(key, sequence, at)
    return Outgoing(event.id, TOPIC, key, sequence, event.headers(), event.body, at)


def incoming(sent: Envelope, offset: int = 0, partition: int = 0) -> Incoming:
    event = sent.event()
    topic = topic_of(type(event)) if event else TOPIC
    record = sent.record()
    return Incoming(topic, partition, offset, record.key, record.headers, record.value)


def records(*places: tuple[UUID, int], first: int = 0) -> list[Incoming]:
    """The records of these keys and sequences, at offsets that follow one another."""
    return [incoming(nth(*place), first + offset) for offset, place in enumerate(places)]


class Away(Exception):
    """The store does not answer."""


@dataclass
class Observed:
    """Notes what an observer hears."""

    results: list[str]
    errors: list[Exception]

    def handled(self, _record: Incoming, result: str) -> None:
        self.results.append(result)

    def failed(self, _record: Incoming, error: Exception) -> None:
        self.errors.append(error)


class Group:
    """A consumer group on a memory inbox. Its handlers leave (key, sequence) among the inbox's effects."""

    def __init__(self, inbox: MemoryInbox | None = None, *, start: Any = "beginning", policy: DeliveryPolicy = POLICY):
        self.clock = Clock()
        self.inbox = inbox or MemoryInbox()
        self.observed = Observed([], [])
        self.consumer_group = ConsumerGroup("test.group", start=start)
        self.before: Callable[[Event, Envelope], None] = lambda _event, _about: None
        self.consumer_group.handles(InstitutionRegistered, waits_for=(InstitutionRegistered,))(self.react)
        self.consumer_group.handles(InstitutionSuspended, waits_for=(InstitutionRegistered,))(self.react)
        self.policy = policy
        self.restart()

    def react(self, event: Any, about: Envelope) -> None:
        self.before(event, about)
        self.inbox.stored.effects.append((about.key, about.sequence))

    def restart(self, policy: DeliveryPolicy | None = None) -> None:
        """The process ends and another one takes its place."""
        self.inbox.process = object()
        context = DeliveryContext(
            now=self.clock,
            sleep=self.clock.sleep,
            within=lambda _about, handler: handler(),
            is_away=lambda error: isinstance(error, Away),
        )
        self.delivery = Delivery(self.consumer_group, self.inbox, policy or self.policy, self.observed, context, START)
        self.lot = ParkingLot(self.delivery)

    @property
    def effects(self) -> list[Any]:
        return self.inbox.stored.effects

    def parked(self) -> list[tuple[int, str]]:
        return sorted((parked.sequence, parked.reason) for parked in self.inbox.stored.parked.values())

    def deliver(self, polled: Sequence[Incoming]) -> list[str]:
        return self.delivery.deliver(self.delivery.decode(polled))

    def settle(self) -> None:
        """Let time pass until nothing more becomes due."""
        for _ in range(20):
            self.lot.retry_due()
            self.clock.pass_(70)


def garbage(offset: int = 0, partition: int = 0) -> Incoming:
    return Incoming(TOPIC, partition, offset, b"no key", [("ce_type", b"?")], b"{")


def of_type(record: Incoming, type_of: str) -> Incoming:
    headers = [(name, type_of.encode() if name == "ce_type" else value) for name, value in record.headers]
    return replace(record, headers=headers)


A, B, C = KEYS[:3]


def boom(*_: object) -> None:
    raise ValueError("a bug in the handler")


def failing_at(*places: tuple[object, int]):
    def fail(_event, about):
        if (about.key, about.sequence) in places:
            boom()

    return fail
