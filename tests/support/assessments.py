"""Assessments with their readings, and institutions that readings are released to, made by consulting's own commands."""

from __future__ import annotations

from uuid import UUID

from services.consulting.assessments import commands
from services.consulting.assessments.model import Assessment
from services.consulting.readings.rules import GivenReading
from shared.contracts.parties import CONTACTS, Party
from shared.kernel import ids
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM, Principal
from shared.messaging import copies
from shared.messaging.ports import Heard
from shared.storage.transaction import transactional
from tests.support import factories
from tests.support.factories import days_ago


def assessed(
    owner: UUID,
    *readings: GivenReading,
    kind: str = "baseline",
    enterprise_id: UUID | None = None,
    to: str = "completed",
) -> Assessment:
    """An assessment of an enterprise of a provider's; its trainer completed it, unless it is `to` stay open."""
    trainer_id = factories.visiting()
    enterprise = enterprise_id or factories.known_enterprise(owner)
    made = commands.start_assessment(enterprise_id=enterprise, kind=kind, trainer_id=trainer_id)
    return made if to == "open" else completed(made, *readings)


def completed(made: Assessment, *readings: GivenReading) -> Assessment:
    """The same assessment with what its trainer found."""
    with acting_as(Principal(subject="trainer", role="trainer", issuer="tests", trainer=made.trainer_id)):
        return commands.complete_assessment(
            made.id,
            assessed_on=days_ago(5 if made.kind == "baseline" else 1)[0],
            practices=[{"item": "cleanliness", "points": 2}],
            readings=readings,
        )


def measured(indicator: str, numerator: float, denominator: float | None = None, **more: str) -> GivenReading:
    """A reading as a request gives it."""
    figures: GivenReading = {"indicator": indicator, "quality": "measured", "numerator": numerator}
    if denominator is not None:
        figures["denominator"] = denominator
    return {**figures, **more}  # type: ignore[typeddict-item]


@transactional
def viewer(viewer_id: UUID | None = None, name: str = "Dinas Contoh") -> UUID:
    """An institution that consulting has heard of, to which readings can be released."""
    known = viewer_id or ids.new()
    about = Party(party_id=known, version=1, kind="institution", name=name)
    with acting_as(SYSTEM):
        copies.keep("consulting.names", about, Heard(CONTACTS.of("enrollment")))
    return known
