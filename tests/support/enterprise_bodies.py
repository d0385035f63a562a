"""Bodies of a sign-up."""

from __future__ import annotations

from typing import Any

NIB = "9120001234567"


def body(**described: Any) -> dict[str, Any]:
    return {
        "name": "Kayu Contoh", "legal_form": "CV", "province": "ID-JT", "place": "Kudus", "sector": "handicrafts",
        "headcount": {"women": 20, "men": 20}, "contact": {"name": "Ratna", "phone": "0812-3456-7890"}, **described,
    }  # fmt: skip
