"""Warnings, which stand beside an answer where nothing is refused: unusual rosters, and what a journey still needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from shared.kernel.message import Message

WARNINGS: Final[Mapping[str, Message]] = {
    "unusual-mix": Message("Usually two managers and two workers of each enterprise take part."),
    "no-woman": Message("There is no woman among the participants."),
}


@dataclass(frozen=True, slots=True)
class Warned:
    """Something unusual that is said and not refused."""

    code: str

    @property
    def detail(self) -> Message:
        return WARNINGS[self.code]
