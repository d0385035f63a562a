"""Says which module comes before all others."""

from __future__ import annotations

from datetime import date

from services.certification.qualifications.errors import foundation_missing
from services.certification.qualifications.model import Qualification

FOUNDATION = "M1"
"""Must be certified before any other module (domain.md 3.3, a hard rule)."""


def require_foundation(foundation: Qualification | None, today: date) -> None:
    """Raises `NotAllowedNow`, naming the module that is missing, unless the foundation module is certified today."""
    if foundation is None or not foundation.entitles(today):
        raise foundation_missing(FOUNDATION)
