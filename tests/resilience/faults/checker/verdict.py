"""What was looked at and what was found wrong, per invariant."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field


@dataclass(slots=True)
class Verdict:
    checked: Counter[str] = field(default_factory=Counter)
    wrong: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def hold(self, invariant: str, holds: object, words: str) -> None:
        """Count one look at an invariant, and note what contradicts it."""
        self.checked[invariant] += 1
        if not holds:
            self.wrong[invariant].append(words)

    def add(self, other: Verdict) -> None:
        self.checked.update(other.checked)
        for invariant, words in other.wrong.items():
            self.wrong[invariant] += words

    @property
    def clean(self) -> bool:
        return not any(self.wrong.values())
