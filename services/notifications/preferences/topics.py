"""The groups of letters that a recipient may not want. Letters that must arrive belong to none."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias, get_args

Topic: TypeAlias = Literal["trainings", "evaluations", "results"]

TOPICS: Final[tuple[Topic, ...]] = get_args(Topic)
