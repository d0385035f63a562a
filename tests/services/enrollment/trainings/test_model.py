"""A classroom's rules: who sits, who waits and who comes next, days, reversal; and that no history of them breaks a promise."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from services.enrollment.rosters.model import SeatedPerson, seats_for
from services.enrollment.trainings.model import Training
from shared.contracts.events import enrollment as contract
from shared.domain.errors import Invalid, NotAllowedNow
from shared.kernel import clock
from tests.support.classrooms import OTHER_LEAD, TODAY, ZONE, firm, persons, planned, refusal, said, seats


def test_a_moved_training_says_everything_that_now_holds_and_what_held_before() -> None:
    training = planned()
    before = tuple(training.days)
    new = sorted(clock.today(ZONE) + timedelta(days=number) for number in (5, 6))
    training.reschedule(reason="trainer_unavailable", days=new, lead_trainer_id=OTHER_LEAD)
    (event,) = said(training, contract.TrainingRescheduled)
    assert (event.revision, event.days, event.previous_days, event.reason) == (
        2,
        tuple(new),
        before,
        "trainer_unavailable",
    )
    assert (event.lead_trainer_id, training.trainer_ids) == (OTHER_LEAD, [OTHER_LEAD])


def test_a_changed_plan_names_those_who_have_seats_and_those_who_wait() -> None:
    training = planned(capacity=4)
    named = [
        SeatedPerson(participant_id=UUID(int=n), sex="female", role=role) for n, role in ((1, "manager"), (2, "worker"))
    ]
    training.seat(firm(1), seats_for(named), named)
    training.seat(firm(2), seats(2, 2))
    training.reschedule(reason="other", days=[clock.today(ZONE)])
    training.cancel("other")
    for (event,) in (said(training, contract.TrainingRescheduled), said(training, contract.TrainingCancelled)):
        assert [(one.enterprise_id, one.participant_ids) for one in event.invited] == [
            (firm(1), (UUID(int=1), UUID(int=2))),
            (firm(2), ()),
        ]


def test_a_cancelled_training_takes_no_further_step_and_says_which_would_be_missing() -> None:
    training = planned()
    training.cancel("venue_unavailable")
    (event,) = said(training, contract.TrainingCancelled)
    assert event.reason == "venue_unavailable"
    for step in (
        lambda: training.seat(firm(1), seats(2, 2)),
        lambda: training.reschedule(reason="other"),
        lambda: training.cancel("other"),
        lambda: training.resize(30),
        lambda: training.deliver({}, today=TODAY),
        lambda: training.withdraw(firm(1), "other"),
    ):
        with pytest.raises(NotAllowedNow) as error:
            step()
        assert error.value.members["state"] == "cancelled"
        assert error.value.members["allowed_from"] == ["scheduled"]


def test_those_present_on_every_day_are_counted_from_the_daily_lists() -> None:
    training = planned()
    sent = persons("manager", "manager", "worker", "worker")
    training.seat(firm(1), seats_for(sent), sent)
    first, second = training.days
    training.attend(first, [person.participant_id for person in sent], today=TODAY)
    training.attend(second, [UUID(int=1)], today=TODAY)
    training.attend(second, [UUID(int=number) for number in (1, 3, 4)], today=TODAY)
    training.deliver({}, today=TODAY)
    (event,) = said(training, contract.TrainingDelivered)
    (came,) = event.enterprises
    assert came.participant_ids == (UUID(int=1), UUID(int=3), UUID(int=4))
    assert (came.attendance.managers.women, came.attendance.managers.men) == (1, 0)
    assert (came.attendance.workers.women, came.attendance.workers.men) == (1, 1)


def test_a_day_without_its_list_is_asked_for_and_the_lists_that_there_are_count() -> None:
    sent = persons("manager", "worker", "worker")

    def listed_once() -> Training:
        training = planned()
        training.seat(firm(1), seats_for(sent), sent)
        training.attend(training.days[0], [UUID(int=1), UUID(int=2)], today=TODAY)
        return training

    with pytest.raises(Invalid) as error:
        listed_once().deliver({firm(1): seats_for(sent)}, today=TODAY)
    assert refusal(error) == [("/days_without_list", "day-list-missing")]
    training = listed_once()
    training.deliver({}, today=TODAY, days_without_list=training.days[1:])
    (event,) = said(training, contract.TrainingDelivered)
    assert event.enterprises[0].participant_ids == (UUID(int=1), UUID(int=2))


def test_numbers_that_contradict_the_daily_lists_are_refused() -> None:
    training = planned()
    sent = persons("manager", "worker")
    training.seat(firm(1), seats_for(sent), sent)
    for day in training.days:
        training.attend(day, [UUID(int=1)], today=TODAY)
    with pytest.raises(Invalid) as error:
        training.deliver({firm(1): seats_for(sent)}, today=TODAY)
    assert refusal(error) == [("/attendance", "attendance-differs")]


def test_a_daily_list_is_of_a_day_of_the_training_that_has_come_and_of_people_with_seats() -> None:
    training = planned(days=(1, -1))
    sent = persons("manager", "worker")
    training.seat(firm(1), seats_for(sent), sent)
    for day, people, place in (
        (clock.today(ZONE), [], ("/day", "not-a-training-day")),
        (training.days[1], [], ("/day", "day-to-come")),
        (training.days[0], [UUID(int=1), UUID(int=9)], ("/participant_ids/1", "participant-not-seated")),
    ):
        with pytest.raises(Invalid) as error:
            training.attend(day, people, today=TODAY)
        assert refusal(error) == [place]


def test_a_lead_who_is_no_longer_entitled_is_said_once_for_each_finding() -> None:
    training = planned(days=(-5, -6))
    assert training.review_lead([training.days[1]], today=TODAY)
    assert not training.review_lead([training.days[1]], today=TODAY)
    assert training.review_lead(list(training.days), today=TODAY)
    found = said(training, contract.TrainerConflictFound)
    assert [event.days for event in found] == [(training.days[1],), tuple(training.days)]
    assert training.review_lead([], today=TODAY)
    assert training.conflict_days == []
    assert len(said(training, contract.TrainerConflictFound)) == 2
