"""Days as people write them."""

from __future__ import annotations

import pytest

from shared.i18n.formats import day, written_day


@pytest.mark.parametrize(
    "text",
    [
        "28-11-2026", "28/11/2026", "28.11.2026", "28 November 2026", "28 nov 2026", "28 Nov. 2026", "2026-11-28",
        "Sabtu, 28 November 2026", " 28  NOVEMBER 2026 ",
    ],
)  # fmt: skip
def test_a_day_is_read_as_it_is_written(text: str) -> None:
    assert written_day(text.strip() if text == "2026-11-28" else text) == "2026-11-28"


@pytest.mark.parametrize(
    ("text", "iso"), [("1 Agustus 2026", "2026-08-01"), ("5/8/2026", "2026-08-05"), ("1 May 2026", "2026-05-01")]
)
def test_months_have_names_in_both_languages(text: str, iso: str) -> None:
    assert written_day(text) == iso


@pytest.mark.parametrize(
    "text", ["28-13-2026", "31/2/2026", "28-11/2026", "28 Movember 2026", "28-11-26", "", "?", "٢٨-11-2026", "0-1-2026"]
)
def test_what_is_no_day_stays_as_it_was_written(text: str) -> None:
    assert written_day(text) == text


@pytest.mark.parametrize("language", ["id", "en"])
def test_what_the_pages_write_is_read_again(language: str) -> None:
    for month in range(1, 13):
        assert written_day(day(f"2026-{month:02}-28", language)) == f"2026-{month:02}-28"
