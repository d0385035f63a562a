"""What a run put into topics itself, past every outbox: it is no event of the platform, and where it must be parked."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Planted:
    """`keys` are streams that no outbox knows. `parked` are ids of rows that must be parked and stay so."""

    keys: set[str] = field(default_factory=set)
    parked: set[str] = field(default_factory=set)

    def garbage(self, groups: list[str], topic: str, partition: int, offset: int) -> None:
        self.parked |= {f"{group}|{topic}|{partition}|{offset}" for group in groups}

    def record(self, groups: list[str], topic: str, key: str, sequence: int, event_id: str = "") -> None:
        """`event_id`: of one whose place another event has."""
        place = f"{topic}|{key}|{sequence}" + (f"|{event_id}" if event_id else "")
        self.parked |= {f"{group}|{place}" for group in groups}
