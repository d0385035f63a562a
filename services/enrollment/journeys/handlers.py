"""Journeys go on when consulting reports visits and assessments."""

from __future__ import annotations

from services.enrollment.journeys import commands
from shared.contracts.envelope import Envelope
from shared.contracts.events.consulting import BaselineAssessed, VisitAccepted, VisitVoided
from shared.messaging.subscriptions import ConsumerGroup

journeys = ConsumerGroup("enrollment.journeys")


@journeys.handles(VisitAccepted)
def count_visit(event: VisitAccepted, _about: Envelope) -> None:
    commands.count_visit(
        enterprise_id=event.enterprise_id,
        module=event.module,
        provider_id=event.provider_id,
        visit_id=event.visit_id,
        visited_on=event.visited_on,
    )


@journeys.handles(VisitVoided)
def discount_visit(event: VisitVoided, _about: Envelope) -> None:
    commands.discount_visit(
        enterprise_id=event.enterprise_id,
        module=event.module,
        provider_id=event.provider_id,
        visit_id=event.visit_id,
        reason=event.reason,
    )


@journeys.handles(BaselineAssessed)
def keep_baseline(event: BaselineAssessed, _about: Envelope) -> None:
    commands.keep_baseline(event.enterprise_id, event.assessed_on)
