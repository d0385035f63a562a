"""Keeps what an enterprise says by the link of a letter."""

from __future__ import annotations

from services.consulting.confirmations.queries import bearer_of
from services.consulting.visits.commands import confirm_visit
from services.consulting.visits.model import Visit
from shared.access.signed_links import Link
from shared.kernel.context import acting_as


def confirm_visit_by_link(link: Link, *, answer: str, comment: str | None = None) -> Visit:
    """Confirm a visit, or say what is not right, as the enterprise that the link was made for."""
    with acting_as(bearer_of(link)):
        return confirm_visit(link.object_id, answer=answer, comment=comment)
