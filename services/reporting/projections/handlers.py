"""Listens to all services: what they say is projected."""

from __future__ import annotations

from collections.abc import Sequence

from services.reporting.projections import commands
from services.reporting.projections.model import GROUP
from services.reporting.projections.routing import DOCUMENTS, PROJECTED
from shared.contracts.envelope import Envelope
from shared.contracts.event import Event
from shared.messaging.projections.generations import current_generation
from shared.messaging.subscriptions import ConsumerGroup

results = ConsumerGroup(GROUP, projection=DOCUMENTS)


def apply_event(event: Event, about: Envelope) -> None:
    commands.apply_event(event, sequence=about.sequence, recorded_at=about.time, generation=current_generation())


@results.prefetch
def load_rows(coming: Sequence[tuple[Event, Envelope]]) -> None:
    commands.load_together([event for event, _ in coming], generation=current_generation())


for kind in PROJECTED:
    results.handles(kind)(apply_event)
