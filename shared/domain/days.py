"""Says what is wrong with the day of something that took place."""

from __future__ import annotations

from datetime import date
from typing import Final

from shared.kernel.errors import Fault
from shared.kernel.message import Message

DAY_TO_COME: Final = Fault("date-in-future", Message("This day is in the future. Enter it on its day or later."))


def future_faults(pointer: str, day: date, today: date) -> list[Fault]:
    """Return what is wrong with the day of something that took place: it is to come."""
    return [DAY_TO_COME.at(pointer)] if day > today else []
