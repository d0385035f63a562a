"""Says which module comes before all others."""

from __future__ import annotations

from datetime import date

from services.certification.qualifications.model import Qualification
from shared.domain.errors import NotAllowedNow
from shared.kernel.message import Message

FOUNDATION = "M1"
"""Must be certified before any other module (domain.md 3.3, a hard rule)."""


def require_foundation(foundation: Qualification | None, today: date) -> None:
    """Raises `NotAllowedNow`, naming the module that is missing, unless the foundation module is certified today."""
    if foundation is None or not foundation.entitles(today):
        raise NotAllowedNow(
            Message(
                "The trainer needs a valid certificate for %(module)s before any other module.", {"module": FOUNDATION}
            ),
            verb="certify",
        )
