"""Writes dates, numbers and money as Indonesian or English readers expect them.

Dates carry the weekday; times carry the zone, since the archipelago has three: a moment without a zone is shown in
WIB and says so. Zones are given as IANA names or as WIB, WITA, WIT. Numbers group with a point in Indonesian and a
comma in English.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_timedelta, get_month_names
from babel.numbers import NumberFormatError, format_decimal, format_percent, parse_decimal

from shared.reference.zones import ZONE_OF, ZONES

LOCALES = {"id": "id_ID", "en": "en_GB"}

WRITTEN = re.compile(r"[+-]?[0-9.,]{1,30}")
WRITTEN_DAY = re.compile(
    r"(?P<day>\d{1,2})(?P<mark>[-/. ])(?P<month>\d{1,2}|[a-z]{3,9}\.?)(?P=mark)(?P<year>\d{4})", re.ASCII
)
MONTHS = {
    name.casefold(): month
    for locale in LOCALES.values()
    for width in ("wide", "abbreviated")
    for month, name in get_month_names(width, locale=locale).items()
}
CURRENCY_PREFIX = {"id": "Rp", "en": "IDR "}


def number(value: float | Decimal, language: str) -> str:
    return str(format_decimal(value, locale=LOCALES[language]))


def percent(ratio: float | Decimal, language: str) -> str:
    """Write a share as per cent: 0.623 becomes 62.3%; at most one decimal."""
    return str(format_percent(ratio, "#,##0.#%", locale=LOCALES[language]))


def money(amount: int | Mapping[str, Any], language: str) -> str:
    """Write whole rupiah, given bare or as `{"amount": ..., "currency": "IDR"}`."""
    rupiah = int(amount["amount"]) if isinstance(amount, Mapping) else amount
    sign = "−" if rupiah < 0 else ""
    return f"{sign}{CURRENCY_PREFIX[language]}{number(abs(rupiah), language)}"


def month(period: str, language: str) -> str:
    """Write a month of the books: 2026-03 becomes Maret 2026; a year stays as it is."""
    if "-" not in period:
        return period
    return str(format_date(date.fromisoformat(f"{period}-01"), "MMMM yyyy", locale=LOCALES[language]))


def day(value: date | str, language: str, zone: str | None = None) -> str:
    """Write a day: Senin, 3 Agustus 2026; with a zone a moment is first moved there and the zone is named."""
    if isinstance(value, str):
        value = date.fromisoformat(value)
    suffix = ""
    if zone:
        suffix = f" ({zone_name(zone)})"
        value = _in_zone(value, zone) if isinstance(value, datetime) else value
    return format_date(value, "EEEE, d MMMM y", locale=LOCALES[language]) + suffix


def moment(value: datetime | str, language: str, zone: str = "WIB") -> str:
    """Write a moment: Senin, 3 Agustus 2026, 09.00 WIB."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    pattern = "EEEE, d MMMM y, HH.mm" if language == "id" else "EEEE, d MMMM y, HH:mm"
    return f"{format_datetime(_in_zone(value, zone), pattern, locale=LOCALES[language])} {zone_name(zone)}"


def clock(value: datetime, language: str) -> str:
    """Write the hour and minute of a moment: 09.00."""
    return value.strftime("%H.%M" if language == "id" else "%H:%M")


def lasting(seconds: float, language: str) -> str:
    """Write a length of time in its largest unit that says enough: 3 jam."""
    return str(format_timedelta(timedelta(seconds=seconds), threshold=2, locale=LOCALES[language]))


def distance(value: date, today: date, language: str) -> str:
    """Write how far a day is: dalam 3 hari; days as long as one counts in them."""
    ahead = timedelta(days=(value - today).days)
    return str(format_timedelta(ahead, granularity="day", threshold=4, add_direction=True, locale=LOCALES[language]))


def written_number(text: str, language: str) -> int | float | str:
    """Read a typed number, `1.500.000` or `12,5` in Indonesian; other text stays text, for the schema to refuse."""
    plain = text.removeprefix("Rp").strip()
    if not WRITTEN.fullmatch(plain):
        return text
    try:
        value = parse_decimal(plain, locale=LOCALES[language], strict=True)
    except NumberFormatError:
        return text
    return int(value) if value == value.to_integral_value() else float(value)


def written_day(text: str) -> str:
    """Read a typed day, `28-11-2026`, `28/11/2026` or `Sabtu, 28 November 2026`, as 2026-11-28; other text stays text.

    The day comes first, as in both languages; months are named in either.
    """
    written = WRITTEN_DAY.fullmatch(" ".join(text.casefold().rpartition(",")[2].split()))
    if written is None:
        return text
    try:
        month = MONTHS.get(written["month"].rstrip(".")) or int(written["month"])
        return date(int(written["year"]), month, int(written["day"])).isoformat()
    except ValueError:
        return text


def zone_name(zone: str) -> str:
    return ZONES.get(zone, zone)


def _in_zone(value: datetime, zone: str) -> datetime:
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    return aware.astimezone(ZoneInfo(ZONE_OF.get(zone, zone)))
