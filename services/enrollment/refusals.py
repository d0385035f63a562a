"""What enrollment refuses beyond the shape of a request, in words for whoever asked."""

from __future__ import annotations

from typing import Final

from shared.errors import Invalid

WORDS: Final = {
    "role-missing": {"id": "Sedikitnya satu orang diperlukan.", "en": "At least one person is needed."},
    "more-than-seated": {
        "id": "Yang hadir melebihi jumlah kursi usaha ini.",
        "en": "More were present than this enterprise has seats.",
    },
    "enterprise-missing": {"id": "Ada usaha yang belum diisi.", "en": "An enterprise with seats is missing."},
    "enterprise-twice": {"id": "Usaha yang sama disebut dua kali.", "en": "The same enterprise is given twice."},
    "enterprise-not-seated": {"id": "Usaha ini tidak mendapat kursi.", "en": "This enterprise has no seats."},
    "day-twice": {"id": "Hari yang sama disebut dua kali.", "en": "The same day is given twice."},
    "unknown-module": {"id": "Modul ini tidak ada dalam katalog.", "en": "The catalogue has no such module."},
    "unknown-enterprise": {"id": "Usaha ini tidak dikenal.", "en": "There is no such enterprise."},
    "unknown-institution": {"id": "Lembaga ini tidak dikenal.", "en": "There is no such institution."},
    "institution-suspended": {"id": "Lembaga ini ditangguhkan.", "en": "This institution is suspended."},
}


def refused(pointer: str, code: str) -> Invalid:
    return Invalid(pointer, code, WORDS[code])
