"""What is said beside a thing rather than refused: unusual rosters, and what a journey still needs. In both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

WARNINGS: Final[Mapping[str, Mapping[str, str]]] = {
    "unusual-mix": {
        "id": "Biasanya dua manajer dan dua pekerja dari setiap usaha ikut serta.",
        "en": "Usually two managers and two workers of each enterprise take part.",
    },
    "no-woman": {"id": "Tidak ada perempuan di antara peserta.", "en": "There is no woman among the participants."},
}


@dataclass(frozen=True, slots=True)
class Warned:
    """Something unusual that is said and not refused."""

    code: str

    @property
    def detail(self) -> Mapping[str, str]:
        return WARNINGS[self.code]
