"""A module is completed by its classroom and its visits, in whatever order they are told, and taken back with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from services.enrollment.journeys import commands as journeys_commands
from services.enrollment.journeys.model import Journey
from services.enrollment.trainings import commands as trainings_commands
from services.enrollment.trainings.model import Training
from shared.contracts.events.enrollment import (
    DeliveryReversed,
    ModuleCompleted,
    ModuleCompletionReversed,
    TrainingDelivered,
)
from shared.kernel import ids
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM, Principal
from tests.support import factories
from tests.support.factories import ALPHA, SEATS, attendance, days_ago
from tests.support.records import events_said


def visits(enterprise_id: Any, *days: Any) -> list[Callable[[], None]]:
    def count(day: Any) -> Callable[[], None]:
        visit_id = ids.derived("visit", enterprise_id, day)
        said = {"enterprise_id": enterprise_id, "module": "M1", "provider_id": ALPHA}
        return lambda: journeys_commands.count_visit(**said, visit_id=visit_id, visited_on=day)

    return [count(day) for day in days]


# without shrinking: every example costs a dozen transactions
@settings(
    max_examples=10,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_classroom_and_visits_complete_a_module_in_any_order(staff: Principal, data: st.DataObject) -> None:
    enterprise_id = factories.enterprise(ALPHA).id
    training = factories.training(ALPHA, enterprise_id, days=days_ago(10, 9))
    early, *counting = visits(enterprise_id, *days_ago(11, 9, 5, 3))

    def deliver() -> None:
        trainings_commands.deliver_training(training.id, attendance=attendance(enterprise_id))

    happenings = data.draw(st.permutations([deliver, early, *counting]))
    for repeated in data.draw(st.lists(st.sampled_from([early, *counting]), max_size=4)):
        happenings.insert(data.draw(st.integers(0, len(happenings))), repeated)
    journey_id = ids.derived("journey", enterprise_id, "M1")
    with acting_as(SYSTEM):
        for place, happening in enumerate(happenings):
            happening()
            done = set(happenings[: place + 1])
            journey = Journey.get(journey_id)
            assert (journey.state == "completed") == (done >= {deliver, *counting})
    assert journey.completed_on == days_ago(3)[0]
    assert [visit.visited_on for visit in journey.counted] == days_ago(9, 5, 3)
    told = [event for event in events_said(ModuleCompleted) if event.journey_id == journey_id]
    assert len(told) == 1
    assert set(told[0].visit_ids) == {visit.visit_id for visit in journey.counted}


def test_a_visit_before_the_last_classroom_day_never_counts(staff: Principal) -> None:
    enterprise_id = factories.enterprise(ALPHA).id
    for visit in visits(enterprise_id, *days_ago(20, 10, 9, 8)):
        visit()
    training = factories.training(ALPHA, enterprise_id, days=days_ago(10, 9))
    trainings_commands.deliver_training(training.id, attendance=attendance(enterprise_id))
    journey = Journey.get(ids.derived("journey", enterprise_id, "M1"))
    assert journey.missing == {"visits": training.required_visits - 2}
    assert events_said(ModuleCompleted) == []


def completed_journey() -> tuple[Training, Any]:
    enterprise_id = factories.enterprise(ALPHA).id
    training = factories.training(ALPHA, enterprise_id)
    trainings_commands.deliver_training(training.id, attendance=attendance(enterprise_id))
    for visit in visits(enterprise_id, *days_ago(8, 6, 4)):
        visit()
    return training, enterprise_id


def test_a_reversed_delivery_takes_the_module_back_and_it_can_be_delivered_again(staff: Principal) -> None:
    training, enterprise_id = completed_journey()
    trainings_commands.reverse_delivery(training.id, reason="not_held")
    (delivered,), (reversed_one,) = events_said(TrainingDelivered), events_said(DeliveryReversed)
    assert reversed_one.enterprises == delivered.enterprises
    (completion,), (taken_back,) = events_said(ModuleCompleted), events_said(ModuleCompletionReversed)
    assert (taken_back.visit_ids, taken_back.completed_on) == (completion.visit_ids, completion.completed_on)
    assert taken_back.reason == "not_held"
    assert Journey.get(completion.journey_id).missing == {"classroom": 1}
    trainings_commands.deliver_training(training.id, attendance=attendance(enterprise_id))
    assert len(events_said(ModuleCompleted)) == 2
    assert Journey.get(completion.journey_id).state == "completed"


def test_a_voided_visit_takes_the_module_back(staff: Principal) -> None:
    _, enterprise_id = completed_journey()
    said = {"enterprise_id": enterprise_id, "module": "M1", "provider_id": ALPHA}
    voided = ids.derived("visit", enterprise_id, days_ago(6)[0])
    journeys_commands.discount_visit(**said, visit_id=voided, reason="not_held")
    journey = Journey.get(ids.derived("journey", enterprise_id, "M1"))
    assert (journey.state, journey.missing) == ("open", {"visits": 1})
    (taken_back,) = events_said(ModuleCompletionReversed)
    assert taken_back.reason == "not_held"


def test_a_completion_never_rests_on_a_voided_visit(staff: Principal) -> None:
    """A fourth visit takes the place of one that is voided; the completion then says so."""
    _, enterprise_id = completed_journey()
    (fourth,) = visits(enterprise_id, *days_ago(2))
    fourth()
    assert len(events_said(ModuleCompleted)) == 1
    voided = ids.derived("visit", enterprise_id, days_ago(4)[0])
    journeys_commands.discount_visit(
        enterprise_id=enterprise_id, module="M1", provider_id=ALPHA, visit_id=voided, reason="not_held"
    )
    journey = Journey.get(ids.derived("journey", enterprise_id, "M1"))
    assert journey.completed_on == days_ago(2)[0]
    assert voided not in journey.completed_by
    assert voided not in events_said(ModuleCompleted)[-1].visit_ids
    assert len(events_said(ModuleCompletionReversed)) == 1


def test_a_later_classroom_of_the_same_module_reopens_what_it_no_longer_covers(staff: Principal) -> None:
    _, enterprise_id = completed_journey()
    second = factories.training(ALPHA, days=days_ago(6, 5))
    trainings_commands.seat_enterprise(second.id, enterprise_id=enterprise_id, seats=SEATS, again=True)
    trainings_commands.deliver_training(second.id, attendance=attendance(enterprise_id))
    journey = Journey.get(ids.derived("journey", enterprise_id, "M1"))
    assert (journey.state, journey.classroom.training_id) == ("open", second.id)
    (taken_back,) = events_said(ModuleCompletionReversed)
    assert taken_back.training_id != second.id
