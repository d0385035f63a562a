"""Explains how each indicator is counted, in a sentence for readers; the rules themselves are in `metrics`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shared.kernel.message import Message

HEADLINES = ("T5", "T8", "T9", "T10")

COUNTED: Final[Mapping[str, Message]] = {
    "T5": Message("Each enterprise counts once, from its first classroom under the programme's direct supervision."),
    "T7": Message("Each enterprise counts once, from its first classroom given by a partner without the ILO."),
    "T8": Message("Trainers registered in Phase III, each once."),
    "T9": Message("Registered trainers with at least one certificate that is valid today: people, not certificates."),
    "T10": Message(
        "Income other than the ILO's, as invoiced, divided by the direct cost of delivery, nothing in kind."
    ),
    "completed": Message("Enterprises with at least one completed module: the classroom and every required visit."),
    "graduated": Message(
        "Enterprises that completed every module of their plan; a graduation that was taken back does not count."
    ),
}
COMPLETED_NAMES: Final = Message("SMEs that completed a module")
GRADUATED_NAMES: Final = Message("SMEs that graduated")
NO_COST: Final = Message("no cost recorded yet")
