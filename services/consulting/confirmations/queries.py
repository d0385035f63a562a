"""Reads the visit that the link of a letter is about, as the enterprise that the letter went to and as nobody else."""

from __future__ import annotations

from typing import Final

from services.consulting.visits.model import Visit
from shared.access.signed_links import ISSUER, Link
from shared.kernel.context import acting_as
from shared.kernel.principal import Principal

PURPOSE: Final = "visit"


def bearer_of(link: Link) -> Principal:
    """Return as whom somebody acts who holds a link."""
    return Principal(subject=str(link.used_id), role="enterprise", issuer=ISSUER, enterprise=link.subject_id)


def linked_visit(link: Link) -> Visit | None:
    """Return the reported visit that a link is about; None where its enterprise has none such."""
    with acting_as(bearer_of(link)):
        visit = Visit.find(link.object_id)
    return visit if visit is not None and visit.report is not None else None
