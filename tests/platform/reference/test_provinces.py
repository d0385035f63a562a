"""The provinces of Indonesia, those of before 2022 among them."""

from __future__ import annotations

import pytest

from shared.reference import provinces
from shared.reference.provinces import PROVINCES, REGISTER, undivided
from shared.web import fields


def test_the_provinces_are_those_of_iso_3166_2() -> None:
    assert len(PROVINCES) == 38
    assert set(PROVINCES) == set(provinces.PROVINCE_CODES)
    for code in ("ID-JW", "ID-KA", "ID-ML", "ID-NU", "ID-PP", "ID-SL", "ID-SM"):  # groups of islands
        assert code not in PROVINCES
        with pytest.raises(fields.ValidationError):
            fields.Province().deserialize(code)


def test_a_province_split_off_in_2022_is_one_with_its_parent() -> None:
    split = {code: province for code, province in REGISTER.items() if province.parent}
    assert set(split) == {"ID-PD", "ID-PE", "ID-PS", "ID-PT"}
    for code, province in split.items():
        assert province.valid_from is not None
        assert province.valid_from.year in (2022, 2023)
        assert undivided(code) == province.parent
    assert undivided("ID-JT") == "ID-JT"
