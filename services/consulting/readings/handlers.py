"""Listens to enrollment: that an enterprise committed itself, by which its readings are told for aggregates."""

from __future__ import annotations

from services.consulting.readings import commands
from shared.contracts.envelope import Envelope
from shared.contracts.events.enrollment import EnterpriseEnrolled
from shared.messaging.subscriptions import ConsumerGroup

commitments = ConsumerGroup("consulting.commitments")


@commitments.handles(EnterpriseEnrolled)
def commit_enterprise(event: EnterpriseEnrolled, _about: Envelope) -> None:
    commands.commit_enterprise(event.enterprise_id)
