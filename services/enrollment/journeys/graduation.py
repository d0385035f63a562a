"""An enterprise graduates when the journeys of its plan are completed, and no longer when one is reversed."""

from __future__ import annotations

from uuid import UUID

from services.enrollment.enterprises.model import Enterprise
from services.enrollment.journeys.model import ZONE, Journey
from shared.kernel import clock
from shared.kernel.context import seeing_everything
from shared.storage.transaction import transactional


@transactional
def graduate_if_complete(enterprise_id: UUID) -> None:
    """A journey was completed, or no longer is: the enterprise graduates, or its plan is open again."""
    with seeing_everything():
        enterprise = Enterprise.find(enterprise_id)
        if enterprise is None or enterprise.state not in ("enrolled", "graduated"):
            return
        completed = {
            journey.module: journey.completed_on
            for journey in Journey.objects(enterprise_id=enterprise_id)
            if journey.completed_on
        }
        if enterprise.weigh_graduation(completed, clock.today(ZONE)):
            enterprise.save()
