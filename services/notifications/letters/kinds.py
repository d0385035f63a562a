"""The kinds of letters. A new one is a line here, its template, and the handler of the event that causes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from shared.kernel.message import gettext_noop


@dataclass(frozen=True, slots=True)
class Kind:
    """What is the same for all letters of a template. One that `must_arrive` goes out whatever its recipient chose."""

    label: str
    must_arrive: bool = False


KINDS: Final[Mapping[str, Kind]] = {
    "invoice_issued": Kind(gettext_noop("Invoice issued"), must_arrive=True),
    "evaluation": Kind(gettext_noop("Evaluation of a training")),
    "training_moved": Kind(gettext_noop("Training moved")),
    "training_cancelled": Kind(gettext_noop("Training cancelled"), must_arrive=True),
}
