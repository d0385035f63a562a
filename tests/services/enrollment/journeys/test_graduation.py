"""Graduation follows the journeys and is taken back with them."""

from __future__ import annotations

from services.enrollment.enterprises.model import Enterprise
from services.enrollment.journeys.commands import graduate_if_complete
from services.enrollment.journeys.queries import journey_of
from shared.contracts.events.enrollment import EnterpriseGraduated, EnterpriseGraduationReversed
from shared.kernel import ids
from shared.kernel.principal import Principal
from shared.storage.transaction import transactional
from tests.support import factories
from tests.support.enrolling import completed
from tests.support.factories import ALPHA
from tests.support.records import events_said as said


def test_graduation_follows_the_journeys_and_is_taken_back(staff: Principal) -> None:
    enterprise = factories.walked(ALPHA, "enrolled", plan=("M1", "M2"))
    completed(enterprise, "M1")
    graduate_if_complete(enterprise.id)
    assert Enterprise.get(enterprise.id).state == "enrolled"
    completed(enterprise, "M2")
    graduate_if_complete(enterprise.id)
    graduate_if_complete(enterprise.id)
    assert Enterprise.get(enterprise.id).state == "graduated"
    assert [event.modules for event in said(EnterpriseGraduated)] == [("M1", "M2")]
    _take_back(enterprise)
    graduate_if_complete(enterprise.id)
    assert Enterprise.get(enterprise.id).state == "enrolled"
    assert len(said(EnterpriseGraduationReversed)) == 1
    graduate_if_complete(ids.new())


@transactional
def _take_back(enterprise: Enterprise) -> None:
    journey = journey_of(enterprise.id, "M2", enterprise.provider_id)
    journey.completed_on = None
    journey.save()
