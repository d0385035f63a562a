"""A journey's rules: what completes it, what takes it back, which classroom counts, when it lapses; in any order."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.enrollment.journeys.jobs import months_before
from services.enrollment.journeys.model import Classroom, Journey
from shared.contracts.events.enrollment import ModuleCompleted, ModuleCompletionReversed, ModuleLapsed
from shared.kernel import ids
from tests.support.catalogues import catalogues_of

FIRST = date(2026, 3, 2)
TODAY = date(2026, 11, 24)
FIRM, PROVIDER, LEAD = (UUID(int=number) for number in (1, 2, 3))
NEEDED = 2


def begun() -> Journey:
    return Journey(id=ids.derived("journey", FIRM, "M1"), enterprise_id=FIRM, module="M1", provider_id=PROVIDER)


def room(number: int, day: int) -> Classroom:
    return Classroom(
        training_id=UUID(int=100 + number), delivered_on=FIRST + timedelta(days=day), lead_trainer_id=LEAD,
        required_visits=NEEDED, delivery_mode="direct",
    )  # fmt: skip


def count(journey: Journey, number: int, day: int) -> None:
    journey.count(UUID(int=200 + number), FIRST + timedelta(days=day), today=TODAY)


def said(journey: Journey, kind: type[Any]) -> list[Any]:
    return [event for event in journey._events if isinstance(event, kind)]


def completed() -> Journey:
    journey = begun()
    journey.attend(room(1, 0), today=TODAY)
    count(journey, 1, 5)
    count(journey, 2, 9)
    assert journey.state == "completed"
    return journey


def test_what_is_missing_is_said_in_both_languages() -> None:
    journey = begun()
    (part,) = journey.missing_parts
    assert (part.part, part.count) == ("classroom", 1)
    journey.attend(room(1, 0), today=TODAY)
    count(journey, 1, -1)
    (part,) = journey.missing_parts
    assert (part.part, part.count) == ("visits", NEEDED)
    assert str(part.detail).endswith(f"{NEEDED}.")
    assert (
        catalogues_of("enrollment").text(part.detail, "id")
        == f"Kunjungan yang diterima setelah pelatihan masih kurang {NEEDED}."
    )
    assert completed().missing_parts == []


def test_attendance_is_missing_where_a_classroom_took_place_without_those_who_must_be_there() -> None:
    journey, missed, held = begun(), room(1, 0), room(2, 7)
    journey.fail_attendance(missed.training_id)
    journey.fail_attendance(missed.training_id)
    assert journey.missing == {"attendance": 1}
    (part,) = journey.missing_parts
    assert str(part.detail).startswith("A classroom took place, but not with one manager")
    assert catalogues_of("enrollment").text(part.detail, "id").startswith("Pelatihan kelas sudah berlangsung, tetapi")
    journey.attend(held, today=TODAY)
    assert journey.missing == {"visits": NEEDED}
    journey.lose_classroom(held.training_id, "not_held", today=TODAY)
    assert journey.missing == {"attendance": 1}
    journey.lose_classroom(missed.training_id, "wrong_attendance", today=TODAY)
    assert journey.missing == {"classroom": 1}
    journey.fail_attendance(missed.training_id)
    journey.attend(missed, today=TODAY)
    assert (journey.missing, journey.unattended) == ({"visits": NEEDED}, [])


def test_a_module_that_lapses_says_that_attendance_is_missing() -> None:
    journey = begun()
    journey.fail_attendance(room(1, 0).training_id)
    count(journey, 1, 3)
    journey.lapse(FIRST + timedelta(days=400), "direct")
    assert said(journey, ModuleLapsed)[-1].missing == ("attendance",)


def test_when_the_latest_classroom_is_taken_back_the_earlier_one_counts_again() -> None:
    journey = completed()
    journey.attend(room(2, 7), today=TODAY)
    assert (journey.state, journey.missing) == ("open", {"visits": 1})
    assert said(journey, ModuleCompletionReversed)[-1].training_id == room(1, 0).training_id
    journey.lose_classroom(room(2, 7).training_id, "not_held", today=TODAY)
    assert journey.state == "completed"
    assert said(journey, ModuleCompleted)[-1].training_id == room(1, 0).training_id
    assert journey.completed_on == FIRST + timedelta(days=9)


def test_a_module_lapses_once_and_is_completed_all_the_same_when_the_rest_comes() -> None:
    journey = begun()
    journey.attend(room(1, 0), today=TODAY)
    count(journey, 1, 5)
    assert journey.begun_on == FIRST
    journey.lapse(FIRST + timedelta(days=200), "direct")
    journey.lapse(FIRST + timedelta(days=201), "direct")
    (event,) = said(journey, ModuleLapsed)
    assert (journey.state, event.missing, event.lapsed_on) == ("lapsed", ("visits",), FIRST + timedelta(days=200))
    assert journey.begun_on is None
    count(journey, 2, 210)
    assert (journey.state, journey.lapsed_on) == ("completed", None)


def test_another_classroom_gives_a_lapsed_module_its_time_again() -> None:
    journey = begun()
    count(journey, 1, 3)
    assert journey.begun_on == FIRST + timedelta(days=3)
    journey.lapse(FIRST + timedelta(days=200), "indirect")
    (event,) = said(journey, ModuleLapsed)
    assert (event.delivery_mode, event.training_id, event.missing) == ("indirect", None, ("classroom",))
    journey.attend(room(1, 220), today=TODAY)
    assert (journey.state, journey.begun_on) == ("open", FIRST + timedelta(days=220))


def test_a_completed_module_never_lapses() -> None:
    journey = completed()
    journey.lapse(FIRST + timedelta(days=900), "direct")
    assert (journey.state, said(journey, ModuleLapsed)) == ("completed", [])


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 11, 24), 6, date(2026, 5, 24)),
        (date(2026, 8, 31), 6, date(2026, 2, 28)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 6, 30), 18, date(2024, 12, 30)),
    ],
)
def test_months_end_where_the_calendar_ends_them(day: date, months: int, expected: date) -> None:
    assert months_before(day, months) == expected


HAPPENINGS = [("room", 1, 0), ("room", 2, 6), *(("visit", number, day) for number, day in enumerate((-3, 2, 6, 8, 11)))]


@given(order=st.permutations(HAPPENINGS), repeated=st.lists(st.sampled_from(HAPPENINGS), max_size=5))
def test_any_order_with_repeats_ends_alike(order: list[Any], repeated: list[Any]) -> None:
    def told(happenings: list[Any]) -> tuple[Any, ...]:
        journey = begun()
        for kind, number, day in happenings:
            if kind == "room":
                journey.attend(room(number, day), today=TODAY)
            else:
                count(journey, number, day)
        basis = [visit.visit_id for visit in journey.counted]
        return journey.state, journey.completed_on, list(journey.completed_by), basis, journey.begun_on, journey.missing

    assert told([*order, *repeated]) == told(HAPPENINGS)


class JourneyHistory(RuleBasedStateMachine):
    """Classrooms that are delivered and taken back, visits accepted and voided, time that passes."""

    def __init__(self) -> None:
        super().__init__()
        self.journey = begun()
        self.rooms: dict[int, int] = {}
        self.visits: dict[int, int] = {}

    @rule(number=st.integers(1, 3), day=st.integers(0, 30))
    def deliver(self, number: int, day: int) -> None:
        if number not in self.rooms:
            self.rooms[number] = day
            self.journey.attend(room(number, day), today=TODAY)

    @precondition(lambda self: self.rooms)
    @rule(data=st.data())
    def take_back(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.rooms)))
        self.journey.lose_classroom(room(number, self.rooms.pop(number)).training_id, "not_held", today=TODAY)

    @rule(number=st.integers(1, 6), day=st.integers(-5, 40))
    def accept(self, number: int, day: int) -> None:
        count(self.journey, number, self.visits.setdefault(number, day))

    @precondition(lambda self: self.visits)
    @rule(data=st.data())
    def void(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.visits)))
        self.visits.pop(number)
        self.journey.discount(UUID(int=200 + number), "not_held", today=TODAY)

    @rule()
    def lapse(self) -> None:
        self.journey.lapse(FIRST + timedelta(days=400), "direct")

    @invariant()
    def it_is_completed_exactly_when_nothing_is_missing(self) -> None:
        begins = max(self.rooms.values(), default=None)
        counting = sorted(day for day in self.visits.values() if begins is not None and day >= begins)
        whole = begins is not None and len(counting) >= NEEDED
        assert (self.journey.state == "completed") == whole
        if whole:
            assert self.journey.completed_on == FIRST + timedelta(days=max(begins or 0, counting[NEEDED - 1]))
            assert self.journey.missing == {}

    @invariant()
    def the_events_tell_whether_it_stands(self) -> None:
        balance = len(said(self.journey, ModuleCompleted)) - len(said(self.journey, ModuleCompletionReversed))
        assert balance == (self.journey.state == "completed")

    @invariant()
    def what_is_taken_back_is_what_was_said(self) -> None:
        standing = None
        for event in self.journey._events:
            if isinstance(event, ModuleCompleted):
                standing = event
            elif isinstance(event, ModuleCompletionReversed):
                assert standing is not None
                assert (event.training_id, event.visit_ids, event.completed_on) == (
                    standing.training_id, standing.visit_ids, standing.completed_on,
                )  # fmt: skip
                standing = None

    @invariant()
    def a_lapse_never_hides_a_completion(self) -> None:
        assert not (self.journey.lapsed_on and self.journey.completed_on)
        assert (self.journey.begun_on is None) == bool(
            self.journey.lapsed_on or self.journey.completed_on or not (self.rooms or self.visits)
        )


TestJourneyHistory = JourneyHistory.TestCase
TestJourneyHistory.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)
