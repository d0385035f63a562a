"""A module that is not completed in time lapses once."""

from __future__ import annotations

from datetime import timedelta

from services.enrollment.journeys import jobs as journeys_jobs
from services.enrollment.journeys.model import Journey
from shared.contracts.events.enrollment import ModuleLapsed
from shared.kernel import clock
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM, Principal
from tests.support import factories
from tests.support.factories import ALPHA, ZONE, days_ago
from tests.support.records import events_said


def test_a_module_that_is_not_completed_in_time_lapses_by_itself_once(staff: Principal) -> None:
    old, young = factories.enterprise(ALPHA), factories.enterprise(ALPHA)
    factories.delivered(ALPHA, old.id, days=[day - timedelta(days=1) for day in days_ago(220, 219)])
    factories.delivered(ALPHA, young.id)
    with acting_as(SYSTEM):
        assert journeys_jobs.lapse_modules() == 1
        assert journeys_jobs.lapse_modules() == 0
    (event,) = events_said(ModuleLapsed)
    assert (event.enterprise_id, event.missing, event.lapsed_on) == (old.id, ("visits",), clock.today(ZONE))
    assert Journey.get(event.journey_id).state == "lapsed"
