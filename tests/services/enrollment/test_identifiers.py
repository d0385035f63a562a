"""Numbers and places of Indonesia: what is taken, what it becomes, and what is refused."""

from __future__ import annotations

import pytest

from services.enrollment.identifiers import Unreadable, masked, nib_of, npwp_is_personal, npwp_of


@pytest.mark.parametrize("written", ["9120001234567", "9120 0012 34567", " 9120001234567"])
def test_a_nib_has_thirteen_digits(written: str) -> None:
    assert nib_of(written) == "9120001234567"


@pytest.mark.parametrize("written", ["912000123456", "91200012345678", "912000123456A", "0" * 13, "", "٩١٢٠٠٠١٢٣٤٥٦٧"])
def test_anything_else_is_no_nib(written: str) -> None:
    with pytest.raises(Unreadable, match="nib-form"):
        nib_of(written)


@pytest.mark.parametrize(
    ("written", "form", "stored"),
    [
        ("01.234.567.8-901.000", "PT", "0012345678901000"),
        ("012345678901000", "CV", "0012345678901000"),
        ("0012345678901000", "CV", "0012345678901000"),
        ("3374 0101 0180 0001", "perorangan", "3374010101800001"),
        ("08.234.567.8-901.000", "perorangan", "082345678901000"),
        ("08.234.567.8-901.000", "UD", "082345678901000"),
    ],
)
def test_an_old_npwp_of_a_body_becomes_the_new_one(written: str, form: str, stored: str) -> None:
    assert npwp_of(written, form) == stored


@pytest.mark.parametrize("written", ["1234", "0012345678901000001234", "01.234.567.8-901.00X", "0" * 15, "0" * 16])
def test_anything_else_is_no_npwp(written: str) -> None:
    with pytest.raises(Unreadable, match="npwp-form"):
        npwp_of(written, "PT")


def test_an_individuals_npwp_is_personal_whatever_the_form_says() -> None:
    assert npwp_is_personal("082345678901000", "perorangan")
    assert npwp_is_personal("3374010101800001", "UD")
    assert npwp_is_personal("3374010101800001", "CV"), "a NIK, so a person's"
    assert not npwp_is_personal("0012345678901000", "CV")
    assert masked("3374010101800001") == "************0001"
