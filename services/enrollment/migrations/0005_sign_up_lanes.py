"""The lanes of sign-ups, each there before anybody takes it."""

from __future__ import annotations

from typing import Any

from services.enrollment.duplicates.sign_up_claim import COLLECTION, LANES, lane_id


def apply(database: Any) -> None:
    rows = database[COLLECTION]
    present = {row["_id"] for row in rows.find({}, {"_id": 1})}
    missing = [{"_id": lane_id(lane)} for lane in range(LANES) if lane_id(lane) not in present]
    if missing:
        rows.insert_many(missing)
