"""The parts that a journey still needs to be completed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from shared.kernel.message import Message, gettext_noop

MISSING: Final[Mapping[str, str]] = {
    "classroom": gettext_noop("The classroom of this module was not attended yet."),
    "attendance": gettext_noop(
        "A classroom took place, but not with one manager and one worker of the enterprise there on every day."
    ),
    "visits": gettext_noop("Accepted visits after the classroom that are still missing: %(count)s."),
}


@dataclass(frozen=True, slots=True)
class StillMissing:
    """A part that completion still needs."""

    part: str
    count: int

    @property
    def detail(self) -> Message:
        return Message(MISSING[self.part], {"count": self.count})
