"""What the clients of a run asked for and what became of it: `invoke`, then `ok`, `fail` (certainly no effect) or `info`.

Commands are said in names, not ids, so that the same commands can be given to another platform. Imports nothing of the
platform: the checker reads it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Command:
    """`kind` is what is asked, `name` the unique thing it is about, `of` the names of what it builds on."""

    kind: str
    name: str
    of: tuple[str, ...] = ()
    body: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"{self.kind}-{self.name}".replace(" ", "_")


@dataclass(slots=True)
class History:
    """`ids` says which id the platform gave to a name."""

    lines: list[tuple[str, Command]] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)

    def note(self, what: str, command: Command) -> None:
        self.lines.append((what, command))

    def ended(self, what: str) -> list[Command]:
        """The commands that ended so, in the order in which they did."""
        return [command for said, command in self.lines if said == what]

    @property
    def open(self) -> list[Command]:
        done = {command.key for said, command in self.lines if said in ("ok", "fail")}
        asked = dict.fromkeys(command.key for said, command in self.lines if said == "invoke")
        by_key = {command.key: command for _, command in self.lines}
        return [by_key[key] for key in asked if key not in done]
