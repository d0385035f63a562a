"""Words for the codes that reporting's pages show. Proper names of provinces are the same in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from services.reporting.counting import UNKNOWN
from shared.web.pages import gettext, gettext_noop

PROVINCES: Mapping[str, str] = {
    "ID-AC": "Aceh",
    "ID-BA": "Bali",
    "ID-BB": "Kepulauan Bangka Belitung",
    "ID-BE": "Bengkulu",
    "ID-BT": "Banten",
    "ID-GO": "Gorontalo",
    "ID-JA": "Jambi",
    "ID-JB": "Jawa Barat",
    "ID-JI": "Jawa Timur",
    "ID-JK": "Jakarta",
    "ID-JT": "Jawa Tengah",
    "ID-KB": "Kalimantan Barat",
    "ID-KI": "Kalimantan Timur",
    "ID-KR": "Kepulauan Riau",
    "ID-KS": "Kalimantan Selatan",
    "ID-KT": "Kalimantan Tengah",
    "ID-KU": "Kalimantan Utara",
    "ID-LA": "Lampung",
    "ID-MA": "Maluku",
    "ID-MU": "Maluku Utara",
    "ID-NB": "Nusa Tenggara Barat",
    "ID-NT": "Nusa Tenggara Timur",
    "ID-PA": "Papua",
    "ID-PB": "Papua Barat",
    "ID-PD": "Papua Barat Daya",
    "ID-PE": "Papua Pegunungan",
    "ID-PS": "Papua Selatan",
    "ID-PT": "Papua Tengah",
    "ID-RI": "Riau",
    "ID-SA": "Sulawesi Utara",
    "ID-SB": "Sumatera Barat",
    "ID-SG": "Sulawesi Tenggara",
    "ID-SN": "Sulawesi Selatan",
    "ID-SR": "Sulawesi Barat",
    "ID-SS": "Sumatera Selatan",
    "ID-ST": "Sulawesi Tengah",
    "ID-SU": "Sumatera Utara",
    "ID-YO": "DI Yogyakarta",
}
SECTORS: Mapping[str, str] = {
    "food_and_beverage": gettext_noop("Food and beverages"),
    "automotive": gettext_noop("Automotive"),
    "metal": gettext_noop("Metal"),
    "handicrafts": gettext_noop("Handicrafts"),
    "garments": gettext_noop("Garments"),
    "other": gettext_noop("Other sectors"),
}
SEXES: Mapping[str, str] = {"female": gettext_noop("Women"), "male": gettext_noop("Men")}
REASONS: Mapping[str, str] = {
    "revision_agreed": gettext_noop("The partners agreed on another number"),
    "programme_extended": gettext_noop("The programme was extended"),
    "corrected": gettext_noop("The number was entered wrongly"),
}
ESTABLISHED = gettext_noop("Set at the start of Phase III")


def name_of(category: str) -> str:
    """A province, sector or sex in words; a code without words is shown as it is."""
    if category == UNKNOWN:
        return gettext("Not reported yet")
    return PROVINCES.get(category) or gettext(SECTORS.get(category) or SEXES.get(category) or category)


def reason_text(code: str) -> str:
    return gettext(REASONS.get(code, ESTABLISHED if code == "established" else code))


def reasons() -> list[tuple[str, str]]:
    return [(code, gettext(text)) for code, text in REASONS.items()]
