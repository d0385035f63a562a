"""Sign-up, gates, seats, delivery and the journey that follows, by the API and by commands on the real store."""

from __future__ import annotations

import pytest

from services.enrollment.journeys.model import Journey
from services.enrollment.trainings import commands as trainings_commands
from shared.contracts.events.enrollment import TrainingDelivered
from shared.domain.errors import Invalid, NotAllowedNow
from shared.kernel import ids
from shared.kernel.principal import Principal
from tests.support import factories
from tests.support.factories import ALPHA, SEATS, attendance, days_ago
from tests.support.records import events_said


def test_a_delivery_is_told_with_who_was_there(staff: Principal) -> None:
    came, without_workers = factories.enterprise(ALPHA).id, factories.enterprise(ALPHA).id
    training = factories.training(ALPHA, came, without_workers)
    absent = {"enterprise_id": without_workers, "attended": {**SEATS, "workers": {"women": 0, "men": 0}}}
    trainings_commands.deliver_training(training.id, attendance=[*attendance(came), absent])
    (event,) = events_said(TrainingDelivered)
    assert [entry.enterprise_id for entry in event.enterprises] == [came]
    assert (event.delivered_on, event.required_visits, event.provider_id) == (
        training.last_day,
        training.required_visits,
        ALPHA,
    )
    assert Journey.find(ids.derived("journey", came, "M1")).missing == {"visits": training.required_visits}
    assert Journey.find(ids.derived("journey", without_workers, "M1")).missing == {"attendance": 1}
    with pytest.raises(NotAllowedNow):
        trainings_commands.deliver_training(training.id, attendance=attendance(came, without_workers))
    trainings_commands.reverse_delivery(training.id, reason="wrong_attendance")
    for enterprise_id in (came, without_workers):
        assert Journey.find(ids.derived("journey", enterprise_id, "M1")).missing == {"classroom": 1}


def test_a_delivery_is_refused_where_its_list_is_wrong(staff: Principal) -> None:
    first, second = factories.enterprise(ALPHA).id, factories.enterprise(ALPHA).id
    training = factories.training(ALPHA, first, second)
    crowd = {**SEATS, "workers": {"women": 9, "men": 9}}
    cases = [
        (attendance(first), "/attendance", "enterprise-missing"),
        (attendance(first, second, ids.new()), "/attendance", "enterprise-not-seated"),
        ([*attendance(second), {"enterprise_id": first, "attended": crowd}], "/attendance/1", "more-than-seated"),
        ([*attendance(first, second), *attendance(first)], "/attendance/2", "enterprise-twice"),
    ]
    for listed, pointer, code in cases:
        with pytest.raises(Invalid) as refused:
            trainings_commands.deliver_training(training.id, attendance=listed)
        assert [(fault.pointer, fault.code) for fault in refused.value.errors] == [(pointer, code)]
    tomorrow = factories.training(ALPHA, first, days=days_ago(0, -1))
    with pytest.raises(NotAllowedNow):
        trainings_commands.deliver_training(tomorrow.id, attendance=attendance(first))
    assert events_said(TrainingDelivered) == []
