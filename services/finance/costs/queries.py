"""Reads costs, for commands and pages."""

from __future__ import annotations

from datetime import date

from services.finance.settings import today
from shared.domain.days import future_faults
from shared.domain.refusals import refuse


def require_incurred(incurred_on: date) -> None:
    """Refuse a day to come: what is planned is no cost yet."""
    refuse(future_faults("/incurred_on", incurred_on, today()))
