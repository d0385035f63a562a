"""Trainers of visits that were called off see them no longer."""

from __future__ import annotations

from typing import Any


def apply(database: Any) -> None:
    database["visits"].update_many({"state": "cancelled"}, {"$set": {"released": True}})
