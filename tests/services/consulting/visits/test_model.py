"""A visit's rules: its steps, who may accept, what counts, and what is said of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.consulting.reports.model import Report, answers_of, confirmation_of
from services.consulting.visits.model import Visit
from services.consulting.visits.queries import visible_history
from services.consulting.visits.rules import number_for
from shared.contracts.events import consulting
from shared.domain.errors import Conflict, Forbidden, Invalid, NotAllowedNow
from shared.kernel.principal import Principal

ITEMS = ["owner-met", "team-formed"]
TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
ENTERPRISE, PROVIDER, NEW_PROVIDER, TRAINER, OTHER_TRAINER = (UUID(int=number) for number in range(1, 6))
AUTHOR = Principal(subject="author", role="trainer", trainer=TRAINER)
OFFICE = Principal(subject="office", role="provider", institution=PROVIDER)
TEACHING_OFFICE = Principal(subject="both", role="provider", institution=PROVIDER, trainer=TRAINER)
OWNER = Principal(subject="owner", role="enterprise", enterprise=ENTERPRISE)
PROGRAMME = Principal(subject="programme", role="programme")


def planned(**changes: Any) -> Visit:
    described: dict[str, Any] = {
        "enterprise_id": ENTERPRISE,
        "module": "M1",
        "number": 1,
        "minutes": 120,
        "provider_id": PROVIDER,
    }
    visit = Visit(**{**described, **changes})
    visit.schedule(TODAY, 120, TRAINER, by=OFFICE, at=NOW)
    return visit


def hand_in(visit: Visit, by: Principal = AUTHOR, visited_on: date = TODAY) -> Visit:
    report = Report(
        visited_on=visited_on,
        minutes=100,
        findings="Orderly",
        checklist=answers_of([{"item": "owner-met", "answer": "yes"}]),
        reported_by=by.id,
        reported_at=NOW,
    )
    visit.hand_in(report, items=ITEMS, today=TODAY, by=by, at=NOW)
    return visit


def events(visit: Visit) -> list[str]:
    return [type(event).__name__ for event in visit._events]


def test_a_visit_counts_once_its_report_is_accepted() -> None:
    visit = hand_in(planned())
    assert events(visit) == ["VisitScheduled", "VisitReported"], "a report alone counts nowhere"
    visit.accept(confirmed=False, by=OFFICE, at=NOW)
    assert visit.state == "accepted"
    assert visit._events[-1] == consulting.VisitAccepted(
        visit_id=visit.id,
        enterprise_id=ENTERPRISE,
        module="M1",
        number=1,
        visited_on=TODAY,
        minutes=100,
        trainer_id=TRAINER,
        provider_id=PROVIDER,
    )


def test_a_returned_report_is_handed_in_again() -> None:
    visit = hand_in(planned())
    visit.send_back("incomplete", "What was agreed?", by=OFFICE, at=NOW)
    assert visit.state == "returned"
    assert visit._events[-1].reason == "incomplete"
    hand_in(visit).accept(confirmed=False, by=OFFICE, at=NOW)
    assert events(visit) == ["VisitScheduled", "VisitReported", "VisitReturned", "VisitAccepted"]


def test_words_of_people_stay_here() -> None:
    visit = hand_in(planned())
    visit.send_back("unclear", "Please write more about Mr Contoh", by=OFFICE, at=NOW)
    hand_in(visit).accept(confirmed=False, by=OFFICE, at=NOW)
    said = " ".join(repr(event) for event in visit._events)
    assert "Contoh" not in said
    assert "Orderly" not in said


def test_the_void_takes_back_exactly_what_was_counted() -> None:
    visit = hand_in(planned())
    visit.accept(confirmed=False, by=OFFICE, at=NOW)
    visit.provider_id = NEW_PROVIDER  # the enterprise moved on meanwhile
    visit.void("did_not_take_place", by=OFFICE, at=NOW)
    accepted, voided = visit._events[-2:]
    for name in consulting.AboutVisit.__struct_fields__:
        assert getattr(accepted, name) == getattr(voided, name), name
    assert (visit.state, voided.reason) == ("voided", "did_not_take_place")


@pytest.mark.parametrize(
    "reviewer", [AUTHOR, TEACHING_OFFICE, Principal(subject="x", role="trainer", trainer=OTHER_TRAINER)]
)
def test_no_trainer_accepts(reviewer: Principal) -> None:
    visit = hand_in(planned(), by=OFFICE)
    with pytest.raises(Forbidden):
        visit.accept(confirmed=False, by=reviewer, at=NOW)
    assert visit.state == "reported"
    assert events(visit) == ["VisitScheduled", "VisitReported"]


@pytest.mark.parametrize("author", [OFFICE, PROGRAMME])
def test_nobody_accepts_what_they_entered(author: Principal) -> None:
    visit = hand_in(planned(), by=author)
    with pytest.raises(Forbidden):
        visit.accept(confirmed=False, by=author, at=NOW)


def test_an_author_stays_one_after_somebody_else_handed_in_again() -> None:
    visit = hand_in(planned(), by=OFFICE)
    visit.send_back("incomplete", None, by=OFFICE, at=NOW)
    hand_in(visit, by=AUTHOR)
    with pytest.raises(Forbidden):
        visit.accept(confirmed=False, by=OFFICE, at=NOW)
    visit.accept(confirmed=False, by=PROGRAMME, at=NOW)


def test_a_visit_is_not_reported_before_its_day() -> None:
    with pytest.raises(Invalid) as refused:
        hand_in(planned(), visited_on=TODAY + timedelta(days=1))
    assert [(fault.pointer, fault.code) for fault in refused.value.errors] == [("/visited_on", "date-in-future")]


def test_moving_a_visit_says_everything_that_now_holds() -> None:
    visit = planned()
    visit.reschedule(TODAY + timedelta(days=7), 90, OTHER_TRAINER, "trainer_unavailable", by=OFFICE, at=NOW)
    moved = visit._events[-1]
    assert (moved.planned_on, moved.previous_on, moved.minutes) == (TODAY + timedelta(days=7), TODAY, 90)
    assert (moved.trainer_id, moved.reason, visit.state) == (OTHER_TRAINER, "trainer_unavailable", "scheduled")


STEPS = {
    "schedule": lambda visit: visit.schedule(TODAY, 60, TRAINER, by=OFFICE, at=NOW),
    "reschedule": lambda visit: visit.reschedule(TODAY, 60, TRAINER, "other", by=OFFICE, at=NOW),
    "cancel": lambda visit: visit.cancel("other", by=OFFICE, at=NOW),
    "report": hand_in,
    "confirm": lambda visit: visit.confirm(confirmation_of("confirmed", None, by=OWNER, at=NOW), by=OWNER, at=NOW),
    "accept": lambda visit: visit.accept(confirmed=False, by=OFFICE, at=NOW),
    "return": lambda visit: visit.send_back("other", None, by=OFFICE, at=NOW),
    "void": lambda visit: visit.void("other", by=OFFICE, at=NOW),
}
ALLOWED = {
    "to_plan": {"schedule"},
    "scheduled": {"reschedule", "cancel", "report"},
    "reported": {"accept", "confirm", "return", "report"},
    "returned": {"report"},
    "accepted": {"void"},
    "cancelled": set(),
    "voided": set(),
}


@pytest.mark.parametrize("state", ALLOWED)
@pytest.mark.parametrize("verb", STEPS)
def test_every_other_step_is_refused(state: str, verb: str) -> None:
    visit = hand_in(planned())
    visit.state = state
    said = events(visit)
    if (state, verb) == ("accepted", "accept"):
        assert visit.accept(confirmed=False, by=OFFICE, at=NOW) is False
    elif verb in ALLOWED[state]:
        STEPS[verb](visit)
        return
    else:
        with pytest.raises(NotAllowedNow):
            STEPS[verb](visit)
    assert (visit.state, events(visit)) == (state, said)


def test_the_states_are_all_covered() -> None:
    assert Visit.LIFECYCLE is not None
    assert set(Visit.LIFECYCLE.states) == set(ALLOWED)
    assert set(Visit.LIFECYCLE.steps) == set(STEPS)


def test_the_enterprise_reads_no_comments_between_reviewer_and_trainer() -> None:
    visit = hand_in(planned())
    visit.send_back("unclear", "Please be precise", by=OFFICE, at=NOW)
    assert visible_history(visit, AUTHOR)[-1].comment == "Please be precise"
    shown = visible_history(visit, Principal(subject="e", role="enterprise", enterprise=ENTERPRISE))
    assert [(happening.verb, happening.comment) for happening in shown][-1] == ("return", None)


@given(st.sets(st.integers(1, 8)))
def test_a_new_visit_gets_the_lowest_free_number(taken: set[int]) -> None:
    number = number_for(None, taken)
    assert number not in taken
    assert all(lower in taken for lower in range(1, number))


def test_a_wanted_number_is_given_once() -> None:
    assert number_for(3, {1, 2}) == 3
    with pytest.raises(Conflict):
        number_for(2, {1, 2})
