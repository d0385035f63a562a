"""Reads the checklists of visits, which are data: `checklists.json` holds the items of the first, the last and other visits.

An item without modules is asked in every module.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).with_name("checklists.json")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a trainer looks at during a visit, in both languages."""

    code: str
    modules: tuple[str, ...]
    text: Mapping[str, str]


@cache
def checklists() -> Mapping[str, tuple[Item, ...]]:
    """Return the items by the time of the visit: `first`, `between` or `last`."""
    read = json.loads(FILE.read_text(encoding="utf-8"))
    return {
        time: tuple(Item(item["code"], tuple(item["modules"]), item["text"]) for item in items)
        for time, items in read.items()
    }


def every_item() -> list[Item]:
    return [item for items in checklists().values() for item in items]


def codes_of(module: str) -> list[str]:
    """Return every item that may be asked in a module. A report is not refused because the visit's place among the required ones
    came to be known after its form was opened."""
    return sorted({item.code for item in every_item() if not item.modules or module in item.modules})


def checklist(module: str, number: int, required: int | None) -> list[Item]:
    """Return what is asked in a visit of a module; `required` is how many the module has, where that is known."""
    last = required is not None and number >= required
    time = "first" if number == 1 else "last" if last else "between"
    return [item for item in checklists()[time] if not item.modules or module in item.modules]
