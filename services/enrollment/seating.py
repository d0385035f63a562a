"""The participants whom an enterprise sends to a classroom, as the classroom counts them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from services.enrollment.participant import Participant
from services.enrollment.refusals import refused
from services.enrollment.roster import SeatedPerson


def persons_of(enterprise_id: UUID, participant_ids: Sequence[UUID]) -> list[SeatedPerson]:
    """Refuses whoever is not a participant of the enterprise, is erased, or is named twice."""
    known = {row.id: row for row in Participant.objects(id__in=list(participant_ids))}
    persons = []
    for number, participant_id in enumerate(participant_ids):
        person = known.get(participant_id)
        if person is None or person.enterprise_id != enterprise_id or person.state == "erased":
            raise refused(f"/participant_ids/{number}", "unknown-participant")
        if participant_id in participant_ids[:number]:
            raise refused(f"/participant_ids/{number}", "participant-twice")
        persons.append(SeatedPerson(participant_id=person.id, sex=person.sex, role=person.role))
    return persons
