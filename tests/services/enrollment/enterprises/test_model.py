"""The rules of an enterprise's way through the programme, without a store."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enrollment.enterprises.errors import StepSkipped
from services.enrollment.enterprises.model import Enterprise
from services.enrollment.enterprises.parts import Commitment, Contact, Persons, Planned
from services.enrollment.tax_numbers.keys import tax_number_keys
from shared.contracts.events.enrollment import (
    EnterpriseCorrected,
    EnterpriseEnrolled,
    EnterpriseGraduated,
    EnterpriseGraduationReversed,
    EnterpriseProviderChanged,
    EnterprisesMerged,
    EnterpriseWithdrawn,
)
from shared.domain.errors import NotAllowedNow
from shared.kernel import ids
from tests.support.module_versions import CATALOGUE, DAY
from tests.support.recorded_events import said


def enterprise(**described: Any) -> Enterprise:
    made = Enterprise(
        **{
            "name": "Kayu Contoh", "legal_form": "CV", "province": "ID-JT", "place": "Kudus", "sector": "metal",
            "headcount": Persons(women=20, men=20), "contact": Contact(name="Ratna"), "provider_id": ids.new(),
            "delivery_mode": "direct", **described,
        }
    )  # fmt: skip
    made.register(tax_number_keys())
    return made


def enrolled(*modules: str) -> Enterprise:
    made = enterprise()
    made.screen([], DAY)
    planned = [Planned.of(made.id, one) for one in CATALOGUE if one.module in modules]
    made.commit(Commitment(signed_on=DAY, enterprise_share_percent=40), planned)
    made.enroll(DAY)
    return made


def test_enrolment_tells_the_plan_with_its_versions() -> None:
    made = enrolled("M1", "M2")
    (event,) = said(made, EnterpriseEnrolled)
    assert [(planned.module, planned.module_version) for planned in event.plan] == [("M1", 1), ("M2", 1)]
    assert event.plan[0].journey_id == ids.derived("journey", made.id, "M1")
    assert (event.enterprise_share_percent, event.enrolled_on) == (40, DAY)


@pytest.mark.parametrize(
    ("steps", "verb", "missing"),
    [
        ("", "commit", ["screen_enterprise"]),
        ("", "enroll", ["screen_enterprise", "commit_enterprise"]),
        ("find_eligible", "enroll", ["commit_enterprise"]),
        ("find_ineligible", "commit", ["screen_enterprise"]),
    ],
)
def test_a_skipped_step_is_named(steps: str, verb: str, missing: list[str]) -> None:
    made = enterprise()
    for taken in steps.split():
        made.transition(taken)
    with pytest.raises(StepSkipped) as refused:
        made.transition(verb)
    assert refused.value.members["missing"] == missing
    assert refused.value.status == 409


def test_an_ineligible_enterprise_needs_an_override() -> None:
    made = enterprise()
    made.screen(["too_small"], DAY)
    assert (made.state, made.screening.result) == ("ineligible", "ineligible")
    made.override("pilot")
    assert (made.state, made.screening.result) == ("eligible", "override")
    with pytest.raises(NotAllowedNow):
        made.override("pilot")


@given(st.lists(st.sampled_from(["M1", "M2", "M3", "M9"]), max_size=4), st.booleans())
def test_graduation_follows_the_completed_modules_back_and_forth(completed: list[str], again: bool) -> None:
    made = enrolled("M1", "M2")
    days = {module: date(2026, 5, number + 1) for number, module in enumerate(completed)}
    changed = made.weigh_graduation(days, DAY)
    complete = {"M1", "M2"} <= set(completed)
    assert changed == complete == (made.state == "graduated") == bool(said(made, EnterpriseGraduated))
    assert not made.weigh_graduation(days, DAY), "told once"
    if complete:
        assert made.graduated_on == max(days["M1"], days["M2"])
        assert made.weigh_graduation({"M1": DAY}, DAY)
        assert (made.state, made.graduated_on) == ("enrolled", None)
        assert len(said(made, EnterpriseGraduationReversed)) == 1
        assert made.weigh_graduation(days, DAY) is True


def test_a_graduation_on_another_day_is_told_anew() -> None:
    made = enrolled("M1")
    early, late = date(2026, 5, 1), date(2026, 6, 1)
    assert made.weigh_graduation({"M1": late}, DAY)
    assert made.weigh_graduation({"M1": early}, DAY), "an earlier visit came to be known"
    assert (made.state, made.graduated_on) == ("graduated", early)
    assert [event.graduated_on for event in said(made, EnterpriseGraduated)] == [late, early]
    assert len(said(made, EnterpriseGraduationReversed)) == 1


def test_an_enterprise_without_a_plan_never_graduates() -> None:
    made = enterprise()
    assert not made.weigh_graduation({"M1": DAY}, DAY)


def test_only_what_others_count_by_is_told_again() -> None:
    made = enterprise()
    made.correct({"name": "Kayu Lain", "contact": Contact(name="Sari")}, tax_number_keys())
    assert said(made, EnterpriseCorrected) == []
    made.correct({"headcount": Persons(women=1, men=2)}, tax_number_keys())
    assert [event.headcount.total for event in said(made, EnterpriseCorrected)] == [3]


def test_keys_follow_a_correction() -> None:
    made, other = enterprise(), enterprise(name="Logam Sejati Rahma")
    made.correct({"name": "Logam Sejati Rahma"}, tax_number_keys())
    assert made.match_keys == other.match_keys


def test_another_provider_means_other_trainers() -> None:
    made, provider = enterprise(trainer_ids=[ids.new()]), ids.new()
    before = made.provider_id
    made.change_provider(provider, None, DAY)
    (event,) = said(made, EnterpriseProviderChanged)
    assert (event.provider_id, event.previous_provider_id, made.trainer_ids) == (provider, before, [])


def test_a_withdrawal_is_not_undone_by_a_later_step() -> None:
    made = enrolled("M1")
    made.withdraw("before_classroom", "cost", DAY)
    assert said(made, EnterpriseWithdrawn)[0].stage == "before_classroom"
    for verb in ("commit", "enroll", "graduate", "withdraw"):
        with pytest.raises(NotAllowedNow):
            made.transition(verb)
    with pytest.raises(NotAllowedNow):
        made.correct({"name": "Lain"}, tax_number_keys())


def test_the_registration_that_is_given_up_hands_its_numbers_over() -> None:
    earlier = ids.new()
    given_up = enterprise(nib="9120001234567", npwp="0012345678901000", aliases=[earlier])
    kept = enterprise(npwp="0099999999999000")
    given_up.give_up_for(kept, "registered_twice", tax_number_keys())
    assert (kept.nib, kept.npwp, given_up.nib) == ("9120001234567", "0099999999999000", None)
    assert kept.aliases == [given_up.id, earlier]
    assert given_up.match_keys == []
    assert "nib:9120001234567" in kept.match_keys
    assert given_up._events[-1] == EnterprisesMerged(merged_id=given_up.id, kept_id=kept.id), "its last event"
    with pytest.raises(NotAllowedNow):
        given_up.transition("withdraw")
