"""A classroom's rules: who sits, who waits and who comes next, days, reversal; and that no history of them breaks a promise."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.enrollment.enterprises.parts import Persons
from services.enrollment.rosters.model import SeatedPerson, Seats, seats_for, warnings_about
from services.enrollment.trainings.model import Training
from shared.contracts import enrollment as contract
from shared.errors import Conflict, Invalid, NotAllowedNow, NotFound
from shared.runtime import clock

PROVIDER, LEAD, OTHER_LEAD = (UUID(int=number) for number in (1, 2, 3))
ZONE = "Asia/Jakarta"
TODAY = clock.today(ZONE)


def seats(managers: int, workers: int, *, women: bool = True) -> Seats:
    def some(number: int) -> Persons:
        return Persons(women=number if women else 0, men=0 if women else number)

    return Seats(managers=some(managers), workers=some(workers))


def planned(*, capacity: int = 20, days: tuple[int, ...] = (10, 9), **changes: Any) -> Training:
    today = clock.today(ZONE)
    described: dict[str, Any] = {
        "module": "M1", "module_version": 1, "required_visits": 3, "days": sorted(today - timedelta(days=n) for n in days),
        "zone": ZONE, "capacity": capacity, "provider_id": PROVIDER, "lead_trainer_id": LEAD, "delivery_mode": "direct",
    }  # fmt: skip
    training = Training(**{**described, **changes})
    training.schedule()
    return training


def firm(number: int) -> UUID:
    return UUID(int=1000 + number)


def said(training: Training, kind: type[Any]) -> list[Any]:
    return [fact for fact in training._facts if isinstance(fact, kind)]


def refusal(error: pytest.ExceptionInfo[Invalid]) -> list[tuple[str | None, str]]:
    return [(fault.pointer, fault.code) for fault in error.value.errors]


@pytest.mark.parametrize(
    ("roster", "codes"),
    [
        (seats(2, 2), []),
        (seats(1, 3), ["unusual-mix"]),
        (seats(2, 2, women=False), ["no-woman"]),
        (seats(1, 1, women=False), ["unusual-mix", "no-woman"]),
    ],
)
def test_an_unusual_roster_is_seated_and_remarked_upon(roster: Seats, codes: list[str]) -> None:
    training = planned()
    training.seat(firm(1), roster)
    assert [warning.code for warning in training.placement_of(firm(1)).warnings] == codes
    assert all(warning.detail.keys() == {"id", "en"} for warning in warnings_about(roster.counted()))
    assert len(said(training, contract.RosterSeated)) == 1


@pytest.mark.parametrize(("managers", "workers", "role"), [(0, 2, "managers"), (2, 0, "workers")])
def test_a_roster_without_managers_or_workers_is_refused(managers: int, workers: int, role: str) -> None:
    training = planned()
    with pytest.raises(Invalid) as error:
        training.seat(firm(1), seats(managers, workers))
    assert refusal(error) == [(f"/seats/{role}", "role-missing")]
    assert training.rosters == []


def test_a_roster_larger_than_the_room_could_wait_for_ever_and_is_refused() -> None:
    with pytest.raises(Invalid) as error:
        planned(capacity=4).seat(firm(1), seats(3, 3))
    assert refusal(error) == [("/seats", "more-than-room")]


def test_who_does_not_fit_whole_waits_and_the_first_that_fits_comes_next() -> None:
    training = planned(capacity=10)
    training.seat(firm(1), seats(2, 2))
    training.seat(firm(2), seats(2, 2))
    training.seat(firm(3), seats(3, 3))
    training.seat(firm(4), seats(2, 2))
    training.seat(firm(5), seats(1, 1))
    places = {number: training.placement_of(firm(number)) for number in range(1, 6)}
    assert {number: (place.state, place.position) for number, place in places.items()} == {
        1: ("seated", 0), 2: ("seated", 0), 3: ("waiting", 1), 4: ("waiting", 2), 5: ("seated", 0),
    }  # fmt: skip
    assert [fact.position for fact in said(training, contract.RosterWaitlisted)] == [1, 2]
    training.withdraw(firm(1), "no_staff_free")
    assert [roster.enterprise_id for roster in training.rosters] == [firm(2), firm(5), firm(4)]
    assert training.placement_of(firm(3)).position == 1
    (withdrawn,) = said(training, contract.RosterWithdrawn)
    assert (withdrawn.enterprise_id, withdrawn.reason) == (firm(1), "no_staff_free")
    with pytest.raises(NotFound):
        training.placement_of(firm(1))


@pytest.mark.parametrize("free", ["withdraw", "resize", "release"])
def test_the_waiting_list_moves_up_by_itself_whatever_frees_the_seats(free: str) -> None:
    training = planned(capacity=6)
    training.seat(firm(1), seats(2, 2))
    training.seat(firm(2), seats(2, 2))
    if free == "withdraw":
        training.withdraw(firm(1), "other")
    elif free == "resize":
        training.resize(8)
    else:
        training.release(firm(1), seats(1, 1))
    assert training.placement_of(firm(2)).state == "seated"
    assert said(training, contract.RosterSeated)[-1].enterprise_id == firm(2)


def test_a_room_is_never_made_smaller_than_what_is_taken() -> None:
    training = planned(capacity=10)
    training.seat(firm(1), seats(2, 2))
    with pytest.raises(Invalid) as error:
        training.resize(3)
    assert refusal(error) == [("/capacity", "fewer-than-taken")]
    with pytest.raises(Invalid) as error:
        training.release(firm(1), seats(3, 3))
    assert refusal(error) == [("/seats", "more-than-held")]
    with pytest.raises(Conflict):
        training.seat(firm(1), seats(1, 1))


def test_a_moved_training_says_everything_that_now_holds_and_what_held_before() -> None:
    training = planned()
    before = tuple(training.days)
    new = sorted(clock.today(ZONE) + timedelta(days=number) for number in (5, 6))
    training.reschedule(reason="trainer_unavailable", days=new, lead_trainer_id=OTHER_LEAD)
    (fact,) = said(training, contract.TrainingRescheduled)
    assert (fact.revision, fact.days, fact.previous_days, fact.reason) == (2, tuple(new), before, "trainer_unavailable")
    assert (fact.lead_trainer_id, training.trainer_ids) == (OTHER_LEAD, [OTHER_LEAD])


def test_a_changed_plan_names_those_who_have_seats_and_those_who_wait() -> None:
    training = planned(capacity=4)
    named = [
        SeatedPerson(participant_id=UUID(int=n), sex="female", role=role) for n, role in ((1, "manager"), (2, "worker"))
    ]
    training.seat(firm(1), seats_for(named), named)
    training.seat(firm(2), seats(2, 2))
    training.reschedule(reason="other", days=[clock.today(ZONE)])
    training.cancel("other")
    for (fact,) in (said(training, contract.TrainingRescheduled), said(training, contract.TrainingCancelled)):
        assert [(one.enterprise_id, one.participant_ids) for one in fact.invited] == [
            (firm(1), (UUID(int=1), UUID(int=2))),
            (firm(2), ()),
        ]


def test_a_cancelled_training_takes_no_further_step_and_says_which_would_be_missing() -> None:
    training = planned()
    training.cancel("venue_unavailable")
    (fact,) = said(training, contract.TrainingCancelled)
    assert fact.reason == "venue_unavailable"
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


def persons(*roles: str) -> list[SeatedPerson]:
    return [
        SeatedPerson(participant_id=UUID(int=number), sex="female" if number % 2 else "male", role=role)
        for number, role in enumerate(roles, start=1)
    ]


def test_those_present_on_every_day_are_counted_from_the_daily_lists() -> None:
    training = planned()
    sent = persons("manager", "manager", "worker", "worker")
    training.seat(firm(1), seats_for(sent), sent)
    first, second = training.days
    training.attend(first, [person.participant_id for person in sent], today=TODAY)
    training.attend(second, [UUID(int=1)], today=TODAY)
    training.attend(second, [UUID(int=number) for number in (1, 3, 4)], today=TODAY)
    training.deliver({}, today=TODAY)
    (fact,) = said(training, contract.TrainingDelivered)
    (came,) = fact.enterprises
    assert came.participant_ids == (UUID(int=1), UUID(int=3), UUID(int=4))
    assert (came.attendance.managers.women, came.attendance.managers.men) == (1, 0)
    assert (came.attendance.workers.women, came.attendance.workers.men) == (1, 1)


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
    assert [fact.days for fact in found] == [(training.days[1],), tuple(training.days)]
    assert training.review_lead([], today=TODAY)
    assert training.conflict_days == []
    assert len(said(training, contract.TrainerConflictFound)) == 2


class ClassroomHistory(RuleBasedStateMachine):
    """Any order of claims, withdrawals, rooms, delivery and reversal."""

    def __init__(self) -> None:
        super().__init__()
        self.training = planned(capacity=10)
        self.claims: list[UUID] = []
        self.number = 0

    @precondition(lambda self: self.training.state == "scheduled")
    @rule(managers=st.integers(1, 3), workers=st.integers(1, 3))
    def claim(self, managers: int, workers: int) -> None:
        self.number += 1
        if managers + workers <= self.training.capacity:
            self.training.seat(firm(self.number), seats(managers, workers))
            self.claims.append(firm(self.number))

    @precondition(lambda self: self.training.state == "scheduled" and self.claims)
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        gone = data.draw(st.sampled_from(self.claims))
        self.training.withdraw(gone, "other")
        self.claims.remove(gone)

    @precondition(lambda self: self.training.state == "scheduled")
    @rule(capacity=st.integers(6, 24))
    def resize(self, capacity: int) -> None:
        if capacity >= self.training.seats_taken:
            self.training.resize(capacity)

    @precondition(lambda self: self.training.state == "scheduled" and self.claims)
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        self.training.release(data.draw(st.sampled_from(self.claims)), seats(1, 1))

    @precondition(lambda self: self.training.state == "scheduled")
    @rule()
    def deliver(self) -> None:
        self.training.deliver({roster.enterprise_id: roster.seats for roster in self.training.rosters}, today=TODAY)

    @precondition(lambda self: self.training.state == "delivered")
    @rule()
    def reverse(self) -> None:
        self.training.reverse("other", today=TODAY)

    @invariant()
    def no_seat_is_sold_twice(self) -> None:
        assert self.training.seats_taken <= self.training.capacity

    @invariant()
    def no_claim_is_lost(self) -> None:
        held = [roster.enterprise_id for roster in (*self.training.rosters, *self.training.waiting)]
        assert sorted(held) == sorted(self.claims)
        assert sorted(self.training.enterprise_ids) == sorted(self.claims)

    @invariant()
    def nobody_waits_who_would_fit(self) -> None:
        assert all(roster.size > self.training.seats_free for roster in self.training.waiting)

    @invariant()
    def the_waiting_keep_the_order_of_their_claims(self) -> None:
        waiting = [roster.enterprise_id for roster in self.training.waiting]
        assert waiting == sorted(waiting)

    @invariant()
    def every_delivery_that_does_not_stand_was_reversed(self) -> None:
        delivered = len(said(self.training, contract.TrainingDelivered))
        reversed_ones = len(said(self.training, contract.DeliveryReversed))
        assert delivered - reversed_ones == (self.training.state == "delivered")

    @invariant()
    def the_facts_tell_who_is_seated(self) -> None:
        seated: dict[UUID, int] = {}
        for fact in self.training._facts:
            if isinstance(fact, contract.RosterSeated):
                seated[fact.enterprise_id] = fact.seats.total
            elif isinstance(fact, contract.RosterWithdrawn):
                seated.pop(fact.enterprise_id, None)
        assert seated == {roster.enterprise_id: roster.size for roster in self.training.rosters}


TestClassroomHistory = ClassroomHistory.TestCase
TestClassroomHistory.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
