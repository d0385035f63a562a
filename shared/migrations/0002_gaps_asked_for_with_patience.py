"""What is parked behind a gap says when its owner is asked: rows that waited before it said so are asked for."""

from __future__ import annotations

from typing import Any

from shared.kernel import clock


def apply(database: Any) -> None:
    gaps = {"reason": "gap", "ask_at": {"$exists": False}, "asks": {"$exists": False}}
    database["parked"].update_many(gaps, {"$set": {"ask_at": clock.now(), "asks": 0}})
