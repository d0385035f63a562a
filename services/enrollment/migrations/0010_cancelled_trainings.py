"""Trainers of classrooms that were called off see them no longer."""

from __future__ import annotations

from typing import Any


def apply(database: Any) -> None:
    database["trainings"].update_many({"state": "cancelled"}, {"$set": {"trainer_ids": []}})
