"""Phone numbers in one written form."""

from __future__ import annotations

import pytest

from shared.reference.phone_numbers import NoPhoneNumber, phone_of


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("0812-3456-7890", "+6281234567890"),
        ("+62 812 3456 7890", "+6281234567890"),
        ("6281234567890", "+6281234567890"),
        ("(021) 555 1234", "+62215551234"),
        ("+41227996111", "+41227996111"),
    ],
)
def test_a_phone_number_becomes_international(written: str, stored: str) -> None:
    assert phone_of(written) == stored


@pytest.mark.parametrize(
    "written", ["0812", "+628012345678", "+6281", "+62812345678901234", "0062812345678", "abc", ""]
)
def test_anything_else_is_no_phone_number(written: str) -> None:
    with pytest.raises(NoPhoneNumber):
        phone_of(written)
