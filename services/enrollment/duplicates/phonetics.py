"""Turns the names of enterprises and towns into sounds, so that two ways of writing one of them meet.

Legal forms and ranks of towns are left out; old and new spelling, doubled letters and letters that sound alike are one.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

REMEMBERED: Final = 4_096  # words and names, so that an import does not fold the same ones again
FORMS: Final = frozenset(
    {"pt", "cv", "ud", "pd", "fa", "firma", "koperasi", "kop", "yayasan", "tbk", "perorangan", "persero"}
)
LONG_FORMS: Final = re.compile(
    r"\b(perseroan terbatas|usaha dagang|perusahaan dagang|commanditaire vennootschap|perseroan komanditer)\b"
)
COMMON: Final = frozenset(
    [
        "abadi",
        "agung",
        "anugerah",
        "arum",
        "asli",
        "asri",
        "bagus",
        "baru",
        "berkah",
        "berkat",
        "barokah",
        "bersama",
        "bina",
        "bintang",
        "cahaya",
        "cipta",
        "citra",
        "dan",
        "delta",
        "dewi",
        "eka",
        "elok",
        "harapan",
        "indah",
        "indo",
        "indonesia",
        "industri",
        "jati",
        "jaya",
        "karya",
        "kencana",
        "lancar",
        "lestari",
        "maju",
        "mandiri",
        "makmur",
        "mas",
        "mega",
        "mekar",
        "melati",
        "mitra",
        "muda",
        "mulia",
        "mulya",
        "multi",
        "murni",
        "nusa",
        "nusantara",
        "perkasa",
        "pratama",
        "prima",
        "putra",
        "putri",
        "ratna",
        "rejeki",
        "rapi",
        "rasa",
        "rukun",
        "sari",
        "sejahtera",
        "sejati",
        "sekar",
        "sentosa",
        "setia",
        "sinar",
        "sri",
        "subur",
        "sukses",
        "sumber",
        "surya",
        "tani",
        "tirta",
        "tunas",
        "usaha",
        "utama",
        "wijaya",
        "anyaman",
        "bengkel",
        "batik",
        "bordir",
        "dapur",
        "griya",
        "jamu",
        "kain",
        "katering",
        "keripik",
        "kerajinan",
        "komponen",
        "konveksi",
        "kopi",
        "krupuk",
        "kriya",
        "las",
        "logam",
        "mebel",
        "roti",
        "rotan",
        "rumah",
        "sablon",
        "sepatu",
        "snack",
        "tahu",
        "tas",
        "teknik",
        "tempe",
        "tenun",
        "toko",
        "tulis",
        "ukir",
    ]
)
PLACE_WORDS: Final = frozenset(
    {"kab", "kabupaten", "kota", "kec", "kecamatan", "kodya", "kotamadya", "regency", "city"}
)
_ROMAN: Final = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6"}
_OLD: Final = re.compile(r"tj|dj|nj|sj|oe")
_OLD_PAIRS: Final = (("tj", "c"), ("dj", "\x00"), ("nj", "ny"), ("sj", "sy"), ("ch", "kh"), ("oe", "u"))
_SOUNDS: Final = (
    ("kh", "k"), ("sy", "s"), ("dh", "d"), ("th", "t"), ("gh", "g"), ("ks", "x"), ("ie", "i"), ("ph", "p"), ("z", "j"),
    ("v", "p"), ("f", "p"), ("q", "k"), ("y", "i"),
)  # fmt: skip


@lru_cache(REMEMBERED)
def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name that tell it from others, each as it sounds."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    plain = LONG_FORMS.sub(" ", re.sub(r"[.'’`\"]", "", plain))
    words = [_ROMAN.get(word, word) for word in re.findall(r"[a-z]+|\d+", plain) if word not in FORMS]
    return tuple(sounded(word) for word in words if word not in ("dan", "and"))


def place_of(place: str | None) -> str:
    """Return a town's name without its rank or province."""
    plain = unicodedata.normalize("NFKD", (place or "").split(",")[0]).encode("ascii", "ignore").decode().lower()
    return "".join(word for word in re.findall(r"[a-z]+", plain) if word not in PLACE_WORDS)


@lru_cache(REMEMBERED)
def sounded(word: str) -> str:
    """Return a word with old and new spelling, and letters that sound alike, made one."""
    if _OLD.search(word):
        for old, new in _OLD_PAIRS:
            word = word.replace(old, new)
        word = word.replace("j", "y").replace("\x00", "j")
    for written, sound in _SOUNDS:
        word = word.replace(written, sound)
    return re.sub(r"(.)\1+", r"\1", word) if not word.isdigit() else word


@lru_cache(REMEMBERED)
def bone_of(word: str) -> str:
    """Return the first letter and the consonants: what errors in vowels leave as it is."""
    return word if word.isdigit() else word[:1] + re.sub(r"[aeiou]", "", word[1:])


@lru_cache(REMEMBERED)
def common_words() -> frozenset[str]:
    return frozenset(map(sounded, COMMON))
