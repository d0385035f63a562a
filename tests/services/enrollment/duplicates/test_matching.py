"""Near misses: pairs of invented registrations, written down before the matcher, that are one enterprise or two."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from services.enrollment.duplicates.matching import Described, claims_of, keys_of, likeness_of, resemblance
from services.enrollment.identifiers import npwp_of

PAIRS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "near_misses.json").read_text())


def described(record: dict[str, str]) -> Described:
    known = dict(record)
    if "npwp" in known:
        known["npwp"] = npwp_of(known["npwp"], known["legal_form"])
    return Described(**known)


def found(pair: dict[str, Any]) -> bool:
    """As the sign-up finds them: by a shared key, then by comparing."""
    one, other = described(pair["first"]), described(pair["second"])
    return bool(set(keys_of(one)) & set(keys_of(other))) and bool(resemblance(one, other))


def test_near_misses_are_told_apart(capsys: pytest.CaptureFixture[str]) -> None:
    assert len(PAIRS) == 200
    verdicts = [(pair["same"], found(pair), pair) for pair in PAIRS]
    hits = sum(same and said for same, said, _ in verdicts)
    recall = hits / sum(same for same, _, _ in verdicts)
    precision = hits / sum(said for _, said, _ in verdicts)
    with capsys.disabled():
        print(f"\nduplicates: recall {recall:.3f}, precision {precision:.3f} over {len(PAIRS)} near misses")
    wrong = [f"{pair['why']}: {pair['first']} / {pair['second']}" for same, said, pair in verdicts if same != said]
    assert recall >= 0.95, wrong
    assert precision >= 0.9, wrong


def test_the_order_of_the_two_does_not_matter() -> None:
    for pair in PAIRS:
        one, other = described(pair["first"]), described(pair["second"])
        assert bool(resemblance(one, other)) == bool(resemblance(other, one)), pair


def test_an_enterprise_resembles_itself() -> None:
    for pair in PAIRS:
        for record in (pair["first"], pair["second"]):
            one = described(record)
            assert resemblance(one, one), record
            assert keys_of(one)


def test_who_shares_a_key_shares_a_claim() -> None:
    """What keeps two simultaneous sign-ups apart must hold for every two that would be compared."""
    everybody = [described(pair[side]) for pair in PAIRS for side in ("first", "second")]
    known = {"legal_form": "CV", "province": "ID-JT"}
    everybody += [
        Described(**known, name="Kayu Contoh"),
        Described(**known, name="Kayucontoh"),
        *(Described(**known, name=name, phone="+6281234567890") for name in ("Satu", "Dua")),
        *(Described(**known, name=name, npwp="0012345678901000") for name in ("Tiga", "Empat")),
        *(Described(**known, name=name, nib="9120001234567") for name in ("Lima", "Enam")),
    ]
    keyed = [(set(keys_of(one)), set(claims_of(one))) for one in everybody]
    met = [(mine, theirs) for mine in keyed for theirs in keyed if mine[0] & theirs[0]]
    assert len(met) > len(everybody)
    assert all(mine[1] & theirs[1] for mine, theirs in met)


def test_a_reason_is_given() -> None:
    base = Described(name="Kayu Contoh", legal_form="CV", province="ID-JT", place="Kudus", nib="9120001234567")
    assert resemblance(base, Described(name="Lain Sekali", legal_form="PT", province="ID-BA", nib="9120001234567")) == (
        "nib",
    )
    assert resemblance(base, Described(name="CV Kayu Contoh", legal_form="CV", province="ID-JT")) == ("name",)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sinar Jaya", "PT Sinar Jaya"),
        ("Sinar Jaya", "Sinar Jaya, CV."),
        ("Barokah", "U.D. Barokah"),
        ("Maju", "Koperasi Maju"),
    ],
)
def test_the_legal_form_is_no_part_of_a_name(one: str, other: str) -> None:
    assert likeness_of(one, other) == 1.0


@pytest.mark.parametrize(("one", "other"), [("Tempe Murni 99", "Tempe Murni 88"), ("Lestari I", "Lestari II")])
def test_another_number_is_another_enterprise(one: str, other: str) -> None:
    assert likeness_of(one, other) == 0.0
