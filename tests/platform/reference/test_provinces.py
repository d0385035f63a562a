"""The provinces of Indonesia, those of before 2022 among them."""

from __future__ import annotations

from datetime import date

import pytest

from shared.reference import provinces
from shared.reference.provinces import ISLAND_GROUPS, PROVINCES, REGISTER, province_on, undivided
from shared.web import fields


def test_the_provinces_are_those_of_iso_3166_2() -> None:
    assert len(PROVINCES) == 38
    assert set(PROVINCES) == set(provinces.PROVINCE_CODES)
    assert not ISLAND_GROUPS & set(PROVINCES)
    for code in ISLAND_GROUPS:
        with pytest.raises(fields.ValidationError):
            fields.Province().deserialize(code)


def test_a_province_split_off_in_2022_had_its_parents_code_before() -> None:
    split = {code: province for code, province in REGISTER.items() if province.parent}
    assert set(split) == {"ID-PD", "ID-PE", "ID-PS", "ID-PT"}
    for code, province in split.items():
        assert province.valid_from is not None
        assert province_on(code, date(2019, 1, 1)) == undivided(code) == province.parent
        assert province_on(code, province.valid_from) == code
    assert province_on("ID-JT", date(2000, 1, 1)) == undivided("ID-JT") == "ID-JT"
