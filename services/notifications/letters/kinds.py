"""The kinds of letters by their templates: what is told of each subject, in `content`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from services.notifications.content import consents, enterprises, institutions, invoices, trainers, trainings, visits
from services.notifications.content.kind import Kind

KINDS: Final[Mapping[str, Kind]] = {
    **enterprises.KINDS,
    **trainings.KINDS,
    **visits.KINDS,
    **trainers.KINDS,
    **invoices.KINDS,
    **institutions.KINDS,
    **consents.KINDS,
}
