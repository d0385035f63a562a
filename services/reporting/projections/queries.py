"""Reads the rows of a generation."""

from __future__ import annotations

from typing import TypeVar

from services.reporting.projections.model import Projection

P = TypeVar("P", bound=Projection)


def rows_in(kind: type[P], generation: int) -> tuple[P, ...]:
    return tuple(kind.objects(generation=generation))
