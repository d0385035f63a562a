"""Reads what a reviewer compares a report with."""

from __future__ import annotations

from services.consulting.visits.model import Visit


def visit_before(visit: Visit) -> Visit | None:
    """Return the visit before this one of the same module and enterprise that was reported."""
    others = Visit.objects(enterprise_id=visit.enterprise_id, module=visit.module)
    earlier = [other for other in others if other.report and other.number < visit.number and other.state != "voided"]
    return max(earlier, key=lambda other: other.number, default=None)
