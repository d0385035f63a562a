"""The rules of an enterprise's way through the programme, without a store."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enrollment.catalogue.model import ModuleVersion
from services.enrollment.catalogue.plans import planned_modules
from services.enrollment.enterprises.errors import StepSkipped
from services.enrollment.enterprises.model import Enterprise
from services.enrollment.enterprises.parts import Commitment, Contact, Persons, Planned
from services.enrollment.institutions.model import Institution, InstitutionContact
from shared.contracts.enrollment import (
    EnterpriseCorrected,
    EnterpriseEnrolled,
    EnterpriseGraduated,
    EnterpriseGraduationReversed,
    EnterpriseProviderChanged,
    EnterprisesMerged,
    EnterpriseWithdrawn,
    InstitutionRestored,
)
from shared.errors import Invalid, NotAllowedNow
from shared.runtime import ids

DAY = date(2026, 3, 2)


def version(module: str, number: int = 1, *, needs: tuple[str, ...] = (), valid_from: date = DAY) -> ModuleVersion:
    return ModuleVersion(
        module=module, number=number, names={"id": module}, classroom_days=2, required_visits=2,
        prerequisites=list(needs), valid_from=valid_from,
    )  # fmt: skip


CATALOGUE = [version("M1"), version("M2", needs=("M1",)), version("M3", needs=("M1", "M2"))]


def enterprise(**described: Any) -> Enterprise:
    made = Enterprise(
        **{
            "name": "Kayu Contoh", "legal_form": "CV", "province": "ID-JT", "place": "Kudus", "sector": "metal",
            "headcount": Persons(women=20, men=20), "contact": Contact(name="Ratna"), "provider_id": ids.new(),
            "delivery_mode": "direct", **described,
        }
    )  # fmt: skip
    made.register()
    return made


def enrolled(*modules: str) -> Enterprise:
    made = enterprise()
    made.screen([], DAY)
    planned = [Planned.of(made.id, one) for one in CATALOGUE if one.module in modules]
    made.commit(Commitment(signed_on=DAY, enterprise_share_percent=40), planned)
    made.enroll(DAY)
    return made


def said(aggregate: Any, kind: type[Any]) -> list[Any]:
    return [fact for fact in aggregate._facts if isinstance(fact, kind)]


def test_enrolment_tells_the_plan_with_its_versions() -> None:
    made = enrolled("M1", "M2")
    (fact,) = said(made, EnterpriseEnrolled)
    assert [(planned.module, planned.module_version) for planned in fact.plan] == [("M1", 1), ("M2", 1)]
    assert fact.plan[0].journey_id == ids.derived("journey", made.id, "M1")
    assert (fact.enterprise_share_percent, fact.enrolled_on) == (40, DAY)


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
        made.move(taken)
    with pytest.raises(StepSkipped) as refused:
        made.move(verb)
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
    assert [fact.graduated_on for fact in said(made, EnterpriseGraduated)] == [late, early]
    assert len(said(made, EnterpriseGraduationReversed)) == 1


def test_an_enterprise_without_a_plan_never_graduates() -> None:
    made = enterprise()
    assert not made.weigh_graduation({"M1": DAY}, DAY)


def test_only_what_others_count_by_is_told_again() -> None:
    made = enterprise()
    made.correct({"name": "Kayu Lain", "contact": Contact(name="Sari")})
    assert said(made, EnterpriseCorrected) == []
    made.correct({"headcount": Persons(women=1, men=2)})
    assert [fact.headcount.total for fact in said(made, EnterpriseCorrected)] == [3]


def test_keys_follow_a_correction() -> None:
    made, other = enterprise(), enterprise(name="Logam Sejati Rahma")
    made.correct({"name": "Logam Sejati Rahma"})
    assert made.match_keys == other.match_keys


def test_another_provider_means_other_trainers() -> None:
    made, provider = enterprise(trainer_ids=[ids.new()]), ids.new()
    before = made.provider_id
    made.change_provider(provider, None, DAY)
    (fact,) = said(made, EnterpriseProviderChanged)
    assert (fact.provider_id, fact.previous_provider_id, made.trainer_ids) == (provider, before, [])


def test_a_withdrawal_is_not_undone_by_a_later_step() -> None:
    made = enrolled("M1")
    made.withdraw("before_classroom", "cost", DAY)
    assert said(made, EnterpriseWithdrawn)[0].stage == "before_classroom"
    for verb in ("commit", "enroll", "graduate", "withdraw"):
        with pytest.raises(NotAllowedNow):
            made.move(verb)
    with pytest.raises(NotAllowedNow):
        made.correct({"name": "Lain"})


def test_the_registration_that_is_given_up_hands_its_numbers_over() -> None:
    earlier = ids.new()
    given_up = enterprise(nib="9120001234567", npwp="0012345678901000", aliases=[earlier])
    kept = enterprise(npwp="0099999999999000")
    given_up.give_up_for(kept, "registered_twice")
    assert (kept.nib, kept.npwp, given_up.nib) == ("9120001234567", "0099999999999000", None)
    assert kept.aliases == [given_up.id, earlier]
    assert given_up.match_keys == []
    assert "nib:9120001234567" in kept.match_keys
    assert given_up._facts[-1] == EnterprisesMerged(merged_id=given_up.id, kept_id=kept.id), "its last fact"
    with pytest.raises(NotAllowedNow):
        given_up.move("withdraw")


@pytest.mark.parametrize(
    ("plan", "pointer", "code"),
    [
        (["M2", "M1"], "/plan/0", "first-module"),
        (["M1", "M9"], "/plan/1", "unknown-module"),
        (["M1", "M1"], "/plan/1", "module-twice"),
        (["M1", "M3"], "/plan/1", "prerequisite-missing"),
    ],
)
def test_a_plan_begins_with_the_first_module_and_keeps_the_order(plan: list[str], pointer: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        planned_modules(plan, CATALOGUE, DAY)
    assert [(fault.pointer, fault.code) for fault in refused.value.errors] == [(pointer, code)]


def test_a_plan_takes_the_version_that_is_valid() -> None:
    later = version("M1", 2, valid_from=date(2026, 6, 1))
    assert [one.number for one in planned_modules(["M1", "M2"], [later, *CATALOGUE], DAY)] == [1, 1]
    assert planned_modules(["M1"], [later, *CATALOGUE], date(2026, 6, 1))[0].number == 2


def test_a_version_leaves_no_gap_and_is_not_valid_before_the_last_one() -> None:
    for following, code in (
        (version("M1", 3), "version-gap"),
        (version("M1", 2, valid_from=date(2020, 1, 1)), "version-earlier"),
    ):
        with pytest.raises(Invalid) as refused:
            following.follow([CATALOGUE[0]])
        assert [fault.code for fault in refused.value.errors] == [code]


def test_an_institution_comes_back_and_forgets_who_left_it() -> None:
    contact = InstitutionContact(name="Wulan", roles=["billing"])
    made = Institution(kind="university", name="Contoh", province="ID-JB", provinces=["ID-JT"], contacts=[contact])
    made.register()
    assert made.provinces == ["ID-JB", "ID-JT"]
    with pytest.raises(NotAllowedNow):
        made.restore()
    made.suspend("inactive")
    made.restore()
    assert made.state == "active"
    assert said(made, InstitutionRestored)
    assert [party.roles for party in made.parties()] == [("contact", "billing"), ("billing",)]
    made.correct(contacts=[])
    assert [gone.party_id for gone in made.forgotten([contact.contact_id])] == [contact.contact_id]
