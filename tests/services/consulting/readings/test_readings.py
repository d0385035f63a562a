"""Readings on the store: versions, what is told of them to whom, and what is told of many enterprises together."""

from __future__ import annotations

from uuid import UUID

import pytest

from services.consulting.readings import commands
from services.consulting.readings.model import AGGREGATES, Reading, audience_of
from services.consulting.readings.queries import changes, series_of
from services.consulting.visits import commands as visits
from shared.contracts.events.consulting import ReadingReleased
from shared.domain.errors import Conflict, Invalid, NotAllowedNow
from shared.kernel import ids
from shared.kernel.context import acting_as
from shared.kernel.principal import Principal
from tests.support import factories
from tests.support.assessments import assessed, completed, measured, viewer
from tests.support.factories import ALPHA
from tests.support.fixture_types import Client
from tests.support.records import events_said
from tests.support.tokens import Tokens


def of(indicator: str) -> Reading:
    (found,) = Reading.objects(indicator=indicator)
    return found


def told(indicator: str) -> list[ReadingReleased]:
    return [event for event in events_said(ReadingReleased) if event.reading.indicator == indicator]


def test_a_correction_is_a_new_version_and_the_same_again_is_none(staff: Principal) -> None:
    made = assessed(ALPHA, measured("DEFECT", 30, 1000))
    completed(made, measured("DEFECT", 30, 1000))
    assert of("DEFECT").earlier == []
    completed(made, measured("DEFECT", 45, 1000))
    corrected = of("DEFECT")
    assert (corrected.current.value, [version.value for version in corrected.earlier]) == (4.5, [3.0])


def test_what_is_not_named_stays_and_what_was_not_measured_is_no_zero(staff: Principal) -> None:
    made = assessed(ALPHA, measured("DEFECT", 30, 1000))
    completed(made, {"indicator": "OTD", "quality": "not_measured"}, {"indicator": "DEFECT"})
    assert (of("DEFECT").current.value, of("OTD").current.value, of("OTD").current.quality) == (
        3.0,
        None,
        "not_measured",
    )


def test_a_doubtful_reading_is_kept_with_its_flag(staff: Principal) -> None:
    assessed(ALPHA, measured("DEFECT", 900, 1000))
    assert (of("DEFECT").current.value, of("DEFECT").current.flag) == (90, "above")


def test_the_points_of_the_checklist_are_a_reading(staff: Principal) -> None:
    assessed(ALPHA)
    assert (of("PRACTICE").current.numerator, of("PRACTICE").current.denominator) == (2, 3)


def test_nothing_is_told_before_the_commitment_and_everything_after(staff: Principal) -> None:
    made = assessed(ALPHA, measured("DEFECT", 30, 1000))
    assert events_said(ReadingReleased) == []
    commands.commit_enterprise(made.enterprise_id)
    commands.commit_enterprise(made.enterprise_id)
    (event,) = told("DEFECT")
    assert (event.audiences, event.revision, event.stage) == ((AGGREGATES,), 1, "baseline")
    assert (event.reading.numerator.decimal, event.reading.denominator.decimal) == (30, 1000)
    completed(made, measured("DEFECT", 45.5, 1000))
    assert [event.revision for event in told("DEFECT")] == [1, 2]
    assert str(told("DEFECT")[-1].reading.numerator.decimal) == "45.5"


def test_a_release_reaches_one_institution_until_it_is_taken_back(
    client: Client, tokens: Tokens, staff: Principal
) -> None:
    made = assessed(ALPHA, measured("DEFECT", 30, 1000))
    chosen, other = viewer(), viewer()
    caller = client("consulting")

    def seen_by(institution: UUID) -> int:
        headers = tokens.headers("partner", institution=institution)
        return len(caller.get("/v1/readings", headers=headers).json["items"])

    assert (seen_by(chosen), seen_by(other)) == (0, 0)
    commands.release_readings(made.enterprise_id, viewer_id=chosen)
    commands.release_readings(made.enterprise_id, viewer_id=chosen)
    assert (seen_by(chosen), seen_by(other)) == (2, 0)
    assert told("DEFECT")[-1].audiences == (audience_of(chosen),)
    completed(made, measured("OTD", 90, 100))
    assert seen_by(chosen) == 3, "what is entered later is released too"
    commands.withdraw_release(made.enterprise_id, chosen)
    assert seen_by(chosen) == 0
    last = told("DEFECT")[-1]
    assert (last.audiences, last.reading.quality, last.reading.numerator, last.revision) == (
        (),
        "not_measured",
        None,
        2,
    )
    with pytest.raises(Conflict):
        commands.withdraw_release(made.enterprise_id, chosen)


def test_readings_are_released_to_institutions_alone(staff: Principal) -> None:
    made = assessed(ALPHA)
    with pytest.raises(Invalid) as refused:
        commands.release_readings(made.enterprise_id, viewer_id=ids.new())
    assert [(fault.pointer, fault.code) for fault in refused.value.errors] == [("/viewer_id", "unknown-institution")]


def test_wages_of_a_few_persons_leave_for_nobody(staff: Principal) -> None:
    made = assessed(
        ALPHA,
        measured("WAGE_AVG", 12_000_000, 4, sex="female"),
        measured("WAGE_AVG", 30_000_000, 10, sex="male"),
    )
    chosen = viewer()
    commands.release_readings(made.enterprise_id, viewer_id=chosen)
    commands.commit_enterprise(made.enterprise_id)
    assert {event.reading.sex for event in told("WAGE_AVG")} == {"male"}
    with acting_as(Principal("dinas", "ministry", "tests", institution=chosen)):
        assert {reading.sex for reading in Reading.objects(indicator="WAGE_AVG")} == {"male"}
    completed(made, measured("WAGE_AVG", 9_000_000, 3, sex="male"))
    assert told("WAGE_AVG")[-1].audiences == (), "what was told before is taken back"
    with acting_as(Principal("dinas", "ministry", "tests", institution=chosen)):
        assert list(Reading.objects(indicator="WAGE_AVG")) == []


def test_what_is_read_at_a_visit_counts_from_its_acceptance_until_it_is_void(staff: Principal) -> None:
    visit = factories.visit(ALPHA)
    commands.commit_enterprise(visit.enterprise_id)
    with pytest.raises(NotAllowedNow):
        visits.enter_readings(visit.id, readings=[measured("DEFECT", 30, 1000)])
    with acting_as(Principal(subject="trainer", role="trainer", issuer="tests", trainer=visit.trainer_id)):
        visits.report_visit(visit.id, visited_on=factories.days_ago(2)[0], minutes=60, findings="Gudang rapi.")
        visits.enter_readings(visit.id, readings=[measured("DEFECT", 30, 1000)])
    assert (told("DEFECT"), series_of(visit.enterprise_id)) == ([], [])
    visits.accept_report(visit.id)
    assert [event.audiences for event in told("DEFECT")] == [(AGGREGATES,)]
    visits.void_visit(visit.id, reason="other")
    assert [event.audiences for event in told("DEFECT")] == [(AGGREGATES,), ()]
    assert series_of(visit.enterprise_id) == []


def test_a_series_holds_each_reading_with_its_change_since_the_first(staff: Principal) -> None:
    made = assessed(ALPHA, measured("DEFECT", 80, 1000))
    assessed(ALPHA, measured("DEFECT", 60, 1000), kind="endline", enterprise_id=made.enterprise_id)
    (defects,) = [each for each in series_of(made.enterprise_id) if each.indicator.code == "DEFECT"]
    assert [(reading.stage, step.percent if step else None) for reading, step in defects.steps] == [
        ("baseline", None),
        ("endline", pytest.approx(-25)),
    ]


def test_changes_are_told_of_enough_committed_enterprises_together(staff: Principal) -> None:
    for number in range(6):
        made = assessed(ALPHA, measured("DEFECT", 100, 1000))
        last = measured("DEFECT", 50 if number else 200, 1000)
        assessed(ALPHA, last, kind="endline", enterprise_id=made.enterprise_id)
        if number < 4:
            commands.commit_enterprise(made.enterprise_id)
    assert [(each.indicator.code, each.enterprises) for each in changes("endline")] == [
        ("PRACTICE", None),
        ("DEFECT", None),
    ]
    commands.commit_enterprise(made.enterprise_id)
    (_, defects) = changes("endline")
    assert (defects.asked, defects.enterprises, defects.improved_percent) == (5, 5, 80)
    assert defects.mean_change_percent == pytest.approx(-20)
    assert changes("endline", province="ID-BA") == []
    assert changes("followup") == []
