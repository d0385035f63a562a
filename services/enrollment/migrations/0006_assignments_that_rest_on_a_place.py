"""Trainers who saw an enterprise or a module for the sake of a place or a classroom that is no more see it no longer."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from services.enrollment.enterprises.model import GONE


def apply(database: Any) -> None:
    _renew_enterprises(database)
    _renew_journeys(database)


def _renew_enterprises(database: Any) -> None:
    assigned: dict[tuple[UUID, UUID], set[UUID]] = defaultdict(set)
    for training in database["trainings"].find({"state": {"$ne": "cancelled"}}):
        for enterprise_id in training.get("enterprise_ids", []):
            assigned[enterprise_id, training["provider_id"]].update(training.get("trainer_ids", []))
    for row in database["enterprises"].find({"trainer_ids.0": {"$exists": True}}):
        rests = set() if row["state"] in GONE else assigned[row["_id"], row["provider_id"]]
        _keep(database["enterprises"], row, [trainer for trainer in row["trainer_ids"] if trainer in rests])


def _renew_journeys(database: Any) -> None:
    for row in database["journeys"].find({"trainer_ids.0": {"$exists": True}}):
        leads = {room["lead_trainer_id"] for room in row.get("classrooms", [])}
        _keep(database["journeys"], row, [trainer for trainer in row["trainer_ids"] if trainer in leads])


def _keep(rows: Any, row: dict[str, Any], trainer_ids: list[UUID]) -> None:
    if trainer_ids != row["trainer_ids"]:
        rows.update_one({"_id": row["_id"], "version": row["version"]}, {"$set": {"trainer_ids": trainer_ids}})
