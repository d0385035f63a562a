"""Reads the checklist of good practices, which is data: `practices.json`. Each is given one to three points."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).with_name("practices.json")
LOWEST: Final = 1
HIGHEST: Final = 3


@dataclass(frozen=True, slots=True)
class Practice:
    """Something good that one can see in an enterprise, in both languages."""

    code: str
    text: Mapping[str, str]


@cache
def practices() -> Mapping[str, Practice]:
    return {row["code"]: Practice(**row) for row in json.loads(FILE.read_text(encoding="utf-8"))}
