"""Targets are data with a history; opening balances are in no figure."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from services.reporting import migrations
from services.reporting.targets.model import Target
from shared.contracts.events.reporting import TargetChanged
from shared.contracts.wire.codec import encode
from shared.domain.errors import Invalid
from shared.kernel.principal import SYSTEM, Principal
from tests.support import golden_programme as told

SEED = json.loads((Path(migrations.__file__).parent / "targets.json").read_text(encoding="utf-8"))
SARI = Principal(subject="sari", role="programme").id


def target(number: int | None = 60) -> Target:
    made = Target(
        id=Target.id_of("T8"),
        code="T8",
        position=8,
        names={"id": "Pelatih", "en": "Trainers"},
        unit="trainers",
        comparator="equal_to",
        number=number,
        due=date(2021, 10, 31),
    )
    made.establish(date(2017, 11, 1), by=SYSTEM.id)
    return made


def test_the_seed_holds_the_eleven_targets_of_phase_three():
    numbers = {row["code"]: row["number"] for row in SEED}
    assert numbers == {
        "T1": 4, "T2": 1, "T3": 2, "T4": 1, "T5": 50, "T6": 10, "T7": 200, "T8": 60, "T9": 30, "T10": 100, "T11": None,
    }  # fmt: skip
    assert {row["due"] for row in SEED} == {"2021-10-31"}
    assert all(row["names"].keys() == {"id", "en"} for row in SEED)
    assert [row["code"] for row in SEED if row["comparator"] == "at_least"] == ["T1", "T3", "T5"]


def test_a_change_keeps_what_was_and_says_so():
    changed = target()
    assert changed.change(70, "revision_agreed", told.TODAY, by=SARI)
    assert changed.history[-1].changed_by == SARI
    assert [entry.number for entry in changed.history] == [60, 70]
    established, said = changed._events
    assert established.previous is None
    assert (said.previous.decimal, said.value.decimal) == (60, 70)
    assert said.reason == "revision_agreed"
    assert all(isinstance(event, TargetChanged) and encode(event) for event in changed._events)


def test_the_same_number_again_is_no_change():
    unchanged = target()
    assert not unchanged.change(60, "revision_agreed", told.TODAY, by=SARI)
    assert len(unchanged.history) == 1


def test_a_milestone_told_in_words_takes_no_number():
    milestone = target(None)
    assert milestone._events == []
    with pytest.raises(Invalid):
        milestone.change(1, "revision_agreed", told.TODAY, by=SARI)


def test_trainers_and_enterprises_see_no_targets():
    for role in ("trainer", "enterprise"):
        assert Target.row_scope(Principal(subject="x", role=role)) is None
