"""What must hold when a healed world has come to rest. Reads histories and stores; shares no code with what it judges."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from uuid import UUID

from tests.resilience.simulation.unreadable import GARBAGE_KEY

if TYPE_CHECKING:
    from tests.resilience.simulation.world import World


def violations(world: World) -> list[str]:
    found: list[str] = []
    if not world.at_rest():
        found.append("the world does not come to rest: something is pending, unread or parked")
    broken = world.unreadable.broken
    committed = {event.id: event for event in world.owners.events}
    for topic, outbox in world.outboxes.items():
        logged = {dict(record.headers).get("ce_id", b"").decode() for record in world.log.records(topic)}
        found += [
            f"I9: {event_id} is marked as sent and absent from the log"
            for event_id, row in outbox.rows.items()
            if not row.pending and str(event_id) not in logged
        ]
    for group in world.groups:
        name = group.consumer_group.group
        effects = group.inbox.stored.effects
        counted = Counter(event_id for _, _, event_id in effects)  # type: ignore[misc]
        found += [
            f"I4: {name} acted on {event_id}, which nobody committed"
            for event_id in counted
            if event_id not in committed and event_id not in world.forgeries.ids
        ]
        found += [f"I2: {name} acted {count} times on {event_id}" for event_id, count in counted.items() if count > 1]
        found += [
            f"I3: {name} never acted on {event_id}" for event_id in committed if event_id not in counted.keys() | broken
        ]
        found += [
            f"I7: {name} acted on {event_id}, which nobody can read" for event_id in broken if event_id in counted
        ]
        found += [
            f"I7: {name} never parked {place}"
            for place in _unreadable(world) - {place[:3] for place in group.inbox.stored.discarded}
        ]
        orders: dict[object, list[int]] = {}
        # a forged event in the place of one that comes late lets what follows that one pass
        disturbed = {key for key, _, event_id in effects if event_id not in committed}  # type: ignore[misc]
        for key, sequence, _ in effects:  # type: ignore[misc]
            if key not in disturbed:
                orders.setdefault(key, []).append(sequence)
        found += [
            f"I5: {name} applied {key} in the order {order}" for key, order in orders.items() if order != sorted(order)
        ]
    return found


def _unreadable(world: World) -> set[tuple[str, UUID | int, int]]:
    """Where each record that nobody can read must have been parked, until an operator gave it up."""
    found: set[tuple[str, UUID | int, int]] = set()
    for topic, outbox in world.outboxes.items():
        sent = [row.record for event_id, row in outbox.rows.items() if event_id in world.unreadable.broken]
        found |= {(topic, record.key, record.sequence) for record in sent}
        found |= {(topic, r.partition, r.offset) for r in world.log.records(topic) if r.key == GARBAGE_KEY}
    return found
