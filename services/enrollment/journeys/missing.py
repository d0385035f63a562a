"""What a journey still needs to be completed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

MISSING: Final[Mapping[str, Mapping[str, str]]] = {
    "classroom": {
        "id": "Pelatihan kelas modul ini belum diikuti.",
        "en": "The classroom of this module was not attended yet.",
    },
    "attendance": {
        "id": "Pelatihan kelas sudah berlangsung, tetapi tidak dihadiri seorang manajer dan seorang pekerja pada semua hari.",
        "en": "A classroom took place, but not with one manager and one worker of the enterprise there on every day.",
    },
    "visits": {
        "id": "Kunjungan yang diterima setelah pelatihan masih kurang {count}.",
        "en": "Accepted visits after the classroom that are still missing: {count}.",
    },
}


@dataclass(frozen=True, slots=True)
class StillMissing:
    """A part that completion still needs."""

    part: str
    count: int

    @property
    def detail(self) -> dict[str, str]:
        return {language: text.format(count=self.count) for language, text in MISSING[self.part].items()}
