"""Individuals' tax numbers: sealed at rest, opened in their own row only, recognised without being opened. Invented numbers."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag

from services.enrollment.enterprises.model import Enterprise
from services.enrollment.enterprises.parts import Contact, Persons
from services.enrollment.settings import enrollment_settings
from services.enrollment.tax_numbers import keys, model
from shared.kernel import ids
from shared.kernel.settings.current import settings
from shared.kernel.settings.declaration import Misconfigured

OF_A_PERSON, OF_A_BODY = "3319010101800001", "0012345678901000"
FIRST, SECOND, INDEX = "11" * 32, "22" * 32, "33" * 32
Configure = Callable[..., None]


@pytest.fixture
def configure(monkeypatch: pytest.MonkeyPatch) -> Iterator[Configure]:
    caches = (settings, enrollment_settings, keys.tax_number_keys)

    def go(**variables: str) -> None:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        for cached in caches:
            cached.cache_clear()

    go(SCORE_NPWP_KEYS=f"one={FIRST}", SCORE_NPWP_INDEX_KEY=INDEX)
    yield go
    monkeypatch.undo()
    for cached in caches:
        cached.cache_clear()


def enterprise(**described: Any) -> Enterprise:
    return Enterprise(
        **{
            "name": "Kayu Contoh", "legal_form": "perorangan", "province": "ID-JT", "sector": "metal",
            "headcount": Persons(women=2), "contact": Contact(name="Ratna"), "provider_id": ids.new(),
            "delivery_mode": "direct", **described,
        }
    )  # fmt: skip


def registered(**described: Any) -> Enterprise:
    made = enterprise(**described)
    made.register(keys.tax_number_keys())
    return made


def number(one: Enterprise) -> str | None:
    return model.number_of(one, keys.tax_number_keys())


def digest(one: Enterprise) -> str | None:
    return one.described(keys.tax_number_keys()).npwp


def shown(one: Enterprise) -> str | None:
    return model.shown_number(one, keys.tax_number_keys())


@pytest.mark.usefixtures("configure")
def test_an_individuals_number_lies_sealed_and_a_bodys_in_clear() -> None:
    person, body = registered(npwp=OF_A_PERSON, npwp_given=OF_A_PERSON), registered(npwp=OF_A_BODY, legal_form="PT")
    assert OF_A_PERSON not in str(person.to_mongo()) + repr(person.to_mongo()["sealed_npwp"]["sealed"])
    assert OF_A_PERSON not in str(person.match_keys)
    assert number(person) == OF_A_PERSON
    assert [shown(each) for each in (person, body)] == ["************0001", OF_A_BODY]
    assert (body.npwp, body.sealed_npwp) == (OF_A_BODY, None)


@pytest.mark.usefixtures("configure")
def test_how_it_is_kept_follows_the_legal_form() -> None:
    one = registered(npwp="082345678901000")
    one.correct({"legal_form": "PT"}, keys.tax_number_keys())
    assert (one.npwp, one.sealed_npwp) == ("0082345678901000", None)
    one.correct({"legal_form": "UD"}, keys.tax_number_keys())
    assert (one.npwp, number(one)) == (None, "0082345678901000")
    one.correct({"npwp": OF_A_PERSON}, keys.tax_number_keys())
    assert (one.npwp, number(one)) == (None, OF_A_PERSON)


@pytest.mark.usefixtures("configure")
def test_it_opens_in_its_own_row_only() -> None:
    one, other = registered(npwp=OF_A_PERSON), registered()
    other.sealed_npwp = one.sealed_npwp
    with pytest.raises(InvalidTag):
        number(other)


@pytest.mark.usefixtures("configure")
def test_a_merged_registration_hands_its_number_over() -> None:
    given_up, kept = registered(npwp=OF_A_PERSON), registered()
    given_up.give_up_for(kept, "registered_twice", keys.tax_number_keys())
    assert (kept.npwp, number(kept)) == (None, OF_A_PERSON)


@pytest.mark.usefixtures("configure")
def test_equal_numbers_are_recognised_however_they_are_kept() -> None:
    sealed, clear = registered(npwp=OF_A_BODY, legal_form="UD"), registered(npwp=OF_A_BODY, legal_form="CV")
    assert (sealed.npwp, clear.npwp) == (None, OF_A_BODY)
    shared = set(sealed.match_keys) & set(clear.match_keys)
    assert any(key.startswith("npwp:") for key in shared)
    assert digest(sealed) == digest(clear) != digest(registered(npwp=OF_A_PERSON))


def test_a_key_is_replaced_by_a_new_one_before_it(configure: Configure) -> None:
    old = registered(npwp=OF_A_PERSON)
    before = digest(old)
    configure(SCORE_NPWP_KEYS=f"two={SECOND},one={FIRST}")
    new = registered(npwp=OF_A_PERSON)
    assert (old.sealed_npwp.key_id, new.sealed_npwp.key_id) == ("one", "two")
    assert [number(each) for each in (old, new)] == [OF_A_PERSON, OF_A_PERSON]
    assert digest(new) == before
    configure(SCORE_NPWP_INDEX_KEY=SECOND)
    assert digest(new) != before, "nothing follows from the hash without its key"


@pytest.mark.parametrize(
    "given",
    [
        {"SCORE_NPWP_INDEX_KEY": ""},
        {"SCORE_NPWP_KEYS": "one=abc"},
        {"SCORE_NPWP_KEYS": FIRST},
    ],
)
def test_without_good_keys_nothing_starts(configure: Configure, given: dict[str, str]) -> None:
    configure(**given)
    with pytest.raises(Misconfigured, match="SCORE_NPWP"):
        enrollment_settings()


def test_one_machine_makes_its_own_keys_once(configure: Configure, tmp_path: Path) -> None:
    configure(SCORE_DATA=str(tmp_path), SCORE_NPWP_KEYS="", SCORE_NPWP_INDEX_KEY="")
    one = registered(npwp=OF_A_PERSON)
    configure()
    assert number(one) == OF_A_PERSON
    (file,) = (tmp_path / "keys").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
