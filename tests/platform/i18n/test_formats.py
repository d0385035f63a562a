"""Dates, numbers and money as readers of either language write them."""

from __future__ import annotations

from datetime import UTC, date, datetime

from shared.i18n import formats


def test_numbers_and_money():
    assert formats.number(1234567.5, "id") == "1.234.567,5"
    assert formats.number(1234567, "en") == "1,234,567"
    assert formats.money({"amount": 1_500_000, "currency": "IDR"}, "id") == "Rp1.500.000"
    assert formats.money(1_500_000, "en") == "IDR 1,500,000"
    assert formats.money(-2000, "id") == "−Rp2.000"
    assert formats.percent(0.623, "id") == "62,3%"
    assert formats.percent(1, "en") == "100%"


def test_dates_carry_the_weekday_and_moments_their_zone():
    assert formats.day(date(2026, 8, 3), "id") == "Senin, 3 Agustus 2026"
    assert formats.day("2026-08-03", "en", "Asia/Makassar") == "Monday, 3 August 2026 (WITA)"
    late = datetime(2026, 8, 3, 16, 30, tzinfo=UTC)
    assert formats.moment(late, "id") == "Senin, 3 Agustus 2026, 23.30 WIB"
    assert formats.moment(late, "en", "WIT") == "Tuesday, 4 August 2026, 01:30 WIT"


def test_what_people_type_as_numbers():
    assert formats.written_number("1.500.000", "id") == 1_500_000
    assert formats.written_number("12,5", "id") == 12.5
    assert formats.written_number("12.5", "en") == 12.5
    assert formats.written_number("12.5", "id") == "12.5", "neither 125 nor 12½ for certain"
