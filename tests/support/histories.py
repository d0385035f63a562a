"""Golden histories as records, and the state that a service makes of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared.contracts.event import Event
from shared.contracts.events import consulting
from shared.contracts.samples import sample
from shared.kernel import ids
from shared.messaging.ports import Incoming
from shared.messaging.subscriptions import ConsumerGroup
from shared.storage import connection
from tests.support.declared_operations import SERVICES
from tests.support.factories import ALPHA, days_ago
from tests.support.records import Group

# how often a row was written, and when, may depend on the order; what it says may not
PASSING = {
    "created_at", "updated_at", "uploaded_at", "version", "sequence", "next_try_at", "recorded_at", "plannings", "traceparent",
    "said_at", "steps", "at",
}  # fmt: skip

EMPTY: tuple[Any, ...] = (None, [], {})  # a field that was emptied says what one that was never filled says

Item = Incoming | Callable[[], object]


@dataclass(frozen=True)
class History:
    """What is told to some groups of a service, after `before` made what it is about."""

    service: str
    groups: tuple[ConsumerGroup, ...]
    told: Callable[[], list[Item]]
    before: Callable[[], object] = lambda: None


def one(kind: str, number: object) -> UUID:
    return ids.derived("histories", kind, number)


def changed(kind: type[Event], **values: Any) -> Event:
    told = sample(kind)
    return kind(**{**{name: getattr(told, name) for name in told.__struct_fields__}, **values})


def visit(kind: type[Event], number: int, enterprise: int, days: int) -> Event:
    reason = {} if kind is consulting.VisitAccepted else {"reason": "not_held"}
    return changed(
        kind, visit_id=one("visit", (enterprise, number)), enterprise_id=one("enterprise", enterprise), module="M1",
        number=number, visited_on=days_ago(days)[0], provider_id=ALPHA, **reason,
    )  # fmt: skip


def certificate(kind: type[Event], trainer: int, **values: Any) -> Event:
    trainer_id = one("trainer", trainer)
    qualification_id = ids.derived("qualification", trainer_id, "M1")
    return changed(kind, trainer_id=trainer_id, qualification_id=qualification_id, module="M1", **values)


def play(history: History, items: list[Item], batch: int) -> None:
    groups = [Group(consumer_group) for consumer_group in history.groups]
    waiting: list[Incoming] = []

    def hand_over() -> None:
        for group in groups:
            group.take(waiting, batch)
        waiting.clear()

    for item in items:
        if isinstance(item, Incoming):
            waiting.append(item)
            if len(waiting) == batch:
                hand_over()
        else:
            hand_over()
            item()
    hand_over()


def state(service: str) -> dict[str, list[dict[str, Any]]]:
    """What the service's documents say, without how they came to say it."""
    found = {}
    for document in SERVICES[service].documents:
        name = document._meta["collection"]
        found[name] = sorted(
            (_said(row) for row in connection.database()[name].find({})), key=lambda row: str(row["_id"])
        )
    return found


def _said(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _said(inner) for key, inner in value.items() if key not in PASSING and inner not in EMPTY}
    if isinstance(value, list):
        return sorted((_said(inner) for inner in value), key=str)
    return value
