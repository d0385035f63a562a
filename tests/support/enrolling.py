"""A registered enterprise is led to its enrolment, so that it can have seats, and has its modules behind it."""

from __future__ import annotations

from uuid import UUID

from services.enrollment.enterprises.model import Enterprise
from services.enrollment.journeys.queries import journey_of
from services.enrollment.participation import commands as participation_commands
from shared.kernel import clock
from shared.storage.transaction import transactional

LETTER = b"%PDF-1.4\n% A signed letter; invented.\n"


def enrolled(enterprise_id: UUID | str, plan: tuple[str, ...] = ("M1",)) -> Enterprise:
    """By the commands that lead there, all on one day."""
    known, today = UUID(str(enterprise_id)), clock.today("Asia/Jakarta")
    participation_commands.screen_enterprise(known, screened_on=today, reasons=[])
    letter = participation_commands.upload_commitment_letter(known, content=LETTER)
    participation_commands.commit_enterprise(known, signed_on=today, plan=list(plan), letter_id=letter.id)
    return participation_commands.enroll_enterprise(known)


@transactional
def completed(enterprise: Enterprise, *modules: str) -> None:
    """The journeys alone, as if they had ended today."""
    for module in modules:
        journey = journey_of(enterprise.id, module, enterprise.provider_id)
        journey.completed_on = clock.today("Asia/Jakarta")
        journey.save()
