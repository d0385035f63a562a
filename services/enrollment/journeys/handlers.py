"""Journeys go on when consulting reports visits and assessments."""

from __future__ import annotations

from services.enrollment.journeys import commands
from shared.contracts.envelope import Envelope
from shared.contracts.events.consulting import BaselineAssessed, VisitAccepted, VisitVoided
from shared.messaging.subscriptions import Reactions

journeys = Reactions("enrollment.journeys")


@journeys.on(VisitAccepted)
def count_visit(fact: VisitAccepted, _about: Envelope) -> None:
    commands.count_visit(
        enterprise_id=fact.enterprise_id,
        module=fact.module,
        provider_id=fact.provider_id,
        visit_id=fact.visit_id,
        visited_on=fact.visited_on,
    )


@journeys.on(VisitVoided)
def discount_visit(fact: VisitVoided, _about: Envelope) -> None:
    commands.discount_visit(
        enterprise_id=fact.enterprise_id,
        module=fact.module,
        provider_id=fact.provider_id,
        visit_id=fact.visit_id,
        reason=fact.reason,
    )


@journeys.on(BaselineAssessed)
def keep_baseline(fact: BaselineAssessed, _about: Envelope) -> None:
    commands.keep_baseline(fact.enterprise_id, fact.assessed_on)
