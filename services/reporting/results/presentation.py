"""Results in the shapes that callers take: one document, or one line per count."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from services.reporting.opening_balances.model import opening_balances
from services.reporting.results.figures import Figure, Results
from services.reporting.results.metrics import WITHHELD


def document_of(results: Results) -> dict[str, Any]:
    return {
        "as_of": results.as_of,
        "lag_seconds": results.lag_seconds,
        "figures": [_figure(figure) for figure in results.figures],
        "opening_balances": opening_balances(),
    }


def lines_of(results: Results) -> Iterator[dict[str, Any]]:
    standing = {"as_of": results.as_of, "lag_seconds": results.lag_seconds}
    for figure in results.figures:
        against = {"comparator": figure.comparator, "target": figure.target, "due": figure.due}
        yield {**_line(figure, None, None, figure.result), **against, **standing}
        for dimension, breakdown in figure.breakdowns.items():
            cells = dict(breakdown.told)
            if breakdown.withheld:
                cells[WITHHELD] = breakdown.withheld
            for category, value in cells.items():
                yield {**_line(figure, dimension, category, value), **dict.fromkeys(against), **standing}


def _line(figure: Figure, dimension: str | None, category: str | None, value: Any) -> dict[str, Any]:
    return {
        "code": figure.code,
        "dimension": dimension,
        "category": category,
        "value": value,
        "unit": figure.unit,
    }


def _figure(figure: Figure) -> dict[str, Any]:
    plain = ("code", "names", "unit", "result", "words", "comparator", "target", "share", "due", "counted")
    breakdowns = [
        {
            "dimension": dimension,
            "cells": [{"category": category, "value": value} for category, value in breakdown.told.items()],
            "withheld": breakdown.withheld,
        }
        for dimension, breakdown in figure.breakdowns.items()
    ]
    return {name: getattr(figure, name) for name in plain} | {
        "breakdowns": breakdowns,
        "variants": figure.variants,
        "amounts": figure.amounts,
    }
