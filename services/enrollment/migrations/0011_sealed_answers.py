"""Answers that wait for others in clear are sealed, as new ones are."""

from __future__ import annotations

from typing import Any

from services.enrollment.evaluations.model import Evaluation, sealed_answer
from services.enrollment.tax_numbers.keys import tax_number_keys


def apply(database: Any) -> None:
    rows = database[Evaluation._meta["collection"]]  # noqa: SLF001
    for row in rows.find({"waiting.marks": {"$exists": True}}):
        waiting = [
            sealed_answer(answer["marks"], row["_id"], tax_number_keys()).to_mongo() if "marks" in answer else answer
            for answer in row["waiting"]
        ]
        waiting.sort(key=lambda answer: bytes(answer["sealed"]))
        rows.update_one({"_id": row["_id"], "waiting": row["waiting"]}, {"$set": {"waiting": waiting}})
