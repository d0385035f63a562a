"""The provinces by ISO 3166-2: the same names in both languages, zone, and since when a code is in use.

Four provinces were split off in 2022. Records from before a code existed carry its parent's, and so do time series that
begin before it. The seven codes of island groups name no province and are in no table here (domain.md 9.1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from shared.reference.zones import WIB, WIB_PONTIANAK, WIT, WITA


@dataclass(frozen=True, slots=True)
class Province:
    """A province and its code: `valid_from` and `parent` are set where the code is younger than the programme."""

    code: str
    name: str
    zone: str
    valid_from: date | None = None
    parent: str | None = None


REGISTER: Final[Mapping[str, Province]] = {
    province.code: province
    for province in (
        Province("ID-AC", "Aceh", WIB),
        Province("ID-BA", "Bali", WITA),
        Province("ID-BT", "Banten", WIB),
        Province("ID-BE", "Bengkulu", WIB),
        Province("ID-YO", "DI Yogyakarta", WIB),
        Province("ID-GO", "Gorontalo", WITA),
        Province("ID-JK", "Jakarta", WIB),
        Province("ID-JA", "Jambi", WIB),
        Province("ID-JB", "Jawa Barat", WIB),
        Province("ID-JT", "Jawa Tengah", WIB),
        Province("ID-JI", "Jawa Timur", WIB),
        Province("ID-KB", "Kalimantan Barat", WIB_PONTIANAK),
        Province("ID-KS", "Kalimantan Selatan", WITA),
        Province("ID-KT", "Kalimantan Tengah", WIB_PONTIANAK),
        Province("ID-KI", "Kalimantan Timur", WITA),
        Province("ID-KU", "Kalimantan Utara", WITA),
        Province("ID-BB", "Kepulauan Bangka Belitung", WIB),
        Province("ID-KR", "Kepulauan Riau", WIB),
        Province("ID-LA", "Lampung", WIB),
        Province("ID-MA", "Maluku", WIT),
        Province("ID-MU", "Maluku Utara", WIT),
        Province("ID-NB", "Nusa Tenggara Barat", WITA),
        Province("ID-NT", "Nusa Tenggara Timur", WITA),
        Province("ID-PA", "Papua", WIT),
        Province("ID-PB", "Papua Barat", WIT),
        Province("ID-PD", "Papua Barat Daya", WIT, date(2023, 11, 23), "ID-PB"),
        Province("ID-PE", "Papua Pegunungan", WIT, date(2022, 11, 29), "ID-PA"),
        Province("ID-PS", "Papua Selatan", WIT, date(2022, 11, 29), "ID-PA"),
        Province("ID-PT", "Papua Tengah", WIT, date(2022, 11, 29), "ID-PA"),
        Province("ID-RI", "Riau", WIB),
        Province("ID-SR", "Sulawesi Barat", WITA),
        Province("ID-SN", "Sulawesi Selatan", WITA),
        Province("ID-ST", "Sulawesi Tengah", WITA),
        Province("ID-SG", "Sulawesi Tenggara", WITA),
        Province("ID-SA", "Sulawesi Utara", WITA),
        Province("ID-SB", "Sumatera Barat", WIB),
        Province("ID-SS", "Sumatera Selatan", WIB),
        Province("ID-SU", "Sumatera Utara", WIB),
    )
}
PROVINCES: Final[Mapping[str, str]] = {code: province.name for code, province in REGISTER.items()}


def undivided(code: str) -> str:
    """Return the province within the borders before the splits, so that old and new records of a place meet."""
    return REGISTER[code].parent or code


PROVINCE_CODES: Final = (
    "ID-AC", "ID-SU", "ID-SB", "ID-RI", "ID-JA", "ID-SS", "ID-BE", "ID-LA", "ID-BB", "ID-KR", "ID-JK", "ID-JB", "ID-JT",
    "ID-YO", "ID-JI", "ID-BT", "ID-BA", "ID-NB", "ID-NT", "ID-KB", "ID-KT", "ID-KS", "ID-KI", "ID-KU", "ID-SA", "ID-ST",
    "ID-SN", "ID-SG", "ID-GO", "ID-SR", "ID-MA", "ID-MU", "ID-PB", "ID-PA", "ID-PS", "ID-PT", "ID-PE", "ID-PD",
)  # fmt: skip
