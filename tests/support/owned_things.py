"""One thing of an institution's for each name that an id has in an address, a query, a body or a sheet.

What the scope matrix tries at a place is the other institution's. A name that stands here for no service fails there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from services.certification.partners import commands as partners_commands
from services.certification.partners.model import Partner
from services.consulting.readings.model import Reading
from services.consulting.readings.queries import readings_of
from services.enrollment.enterprises.model import Enterprise
from services.enrollment.institutions import commands as institutions_commands
from services.enrollment.institutions.model import Institution
from services.enrollment.participation import commands as participation_commands
from services.enrollment.trainings.model import Training
from services.finance.prices import commands as prices_commands
from services.notifications.copies.commands import keep_copy
from services.notifications.copies.model import Content
from shared.kernel import ids
from tests.support import factories, import_sheets
from tests.support.assessments import assessed, viewer
from tests.support.billing import billed_for
from tests.support.improvement_plans import planned

Thing = Callable[[UUID], Any]
NIBS = {factories.ALPHA: "9120001234561", factories.BETA: "9120001234562"}
UNKNOWN_NIB = "9120001234563"


def institution(owner: UUID) -> UUID:
    if Institution.find(owner) is None:
        factories.institution(owner)
    return owner


def enterprise(owner: UUID, **described: Any) -> Enterprise:
    return factories.enterprise(institution(owner), **described)


def nib(owner: UUID) -> str:
    """The NIB of an enterprise."""
    if Enterprise.objects(nib=NIBS[owner]).first() is None:
        enterprise(owner, nib=NIBS[owner])
    return NIBS[owner]


def participant(owner: UUID) -> UUID:
    return factories.person(enterprise(owner).id).id


def trainer(owner: UUID) -> UUID:
    return factories.entitled(ids.new(), of=owner)


def training(owner: UUID) -> Training:
    return factories.training(institution(owner), enterprise(owner).id, trainer=trainer(owner))


def journey(owner: UUID) -> UUID:
    held = factories.delivered(institution(owner), enterprise(owner).id, trainer=trainer(owner))
    journey_id: UUID = held.rosters[0].journey_id
    return journey_id


def letter(owner: UUID) -> UUID:
    return participation_commands.upload_commitment_letter(enterprise(owner).id, content=factories.LETTER).id


def contact(owner: UUID) -> UUID:
    known = institutions_commands.correct_institution(
        institution(owner), contacts=[{"name": "Wulan", "roles": ["billing"]}]
    )
    contact_id: UUID = known.contacts[0].contact_id
    return contact_id


def reading(owner: UUID) -> Reading:
    (found,) = readings_of(assessed(owner).id)
    return found


def partner(owner: UUID) -> UUID:
    if Partner.find(owner) is None:
        partners_commands.keep_partner(owner, kind="private_provider")
    return owner


def letter_with_copy(owner: UUID) -> UUID:
    """A letter with old news, and what it said when it went out before."""
    written = factories.letter(owner, hours_old=100)
    said = Content([("Subject", "Tagihan 2026/00000A/00001")], "Yth. Usaha Contoh,", "<p>Yth. Usaha Contoh,</p>")
    keep_copy(written, said, first=True)
    return written.id


def price(owner: UUID) -> UUID:
    day = factories.days_ago(900)[0]
    return prices_commands.set_price(module="M1", amount=1, valid_from=day, provider_id=billed_for(owner)).id


ENROLLMENT: Mapping[str, Thing] = {
    "institution_id": institution,
    "provider_id": institution,
    "enterprise_id": lambda owner: enterprise(owner).id,
    "kept_id": lambda owner: enterprise(owner).id,
    "enterprise_nib": nib,
    "training_id": lambda owner: training(owner).id,
    "journey_id": journey,
    "participant_id": participant,
    "participant_ids": participant,
    "request_id": lambda owner: factories.asked(participant(owner)).id,
    "import_id": lambda owner: import_sheets.uploaded(institution(owner)).id,
    "letter_id": letter,
    "contact_id": contact,
    "lead_trainer_id": trainer,
    "co_trainer_ids": trainer,
    "supervisor_id": trainer,
}

CONSULTING: Mapping[str, Thing] = {
    "enterprise_id": factories.known_enterprise,
    "visit_id": lambda owner: factories.visit(owner).id,
    "assessment_id": lambda owner: assessed(owner).id,
    "plan_id": lambda owner: planned(owner, to="approved").id,
    "action_id": lambda owner: planned(owner, to="approved").actions[0].id,
    "reading_id": lambda owner: reading(owner).id,
    "source_id": lambda owner: reading(owner).source_id,
    "viewer_id": lambda _: viewer(),
    "trainer_id": lambda owner: factories.visit(owner, trainer=factories.visiting(of=owner)).trainer_id,
    "provider_id": lambda owner: factories.visit(owner).provider_id,
}

CERTIFICATION: Mapping[str, Thing] = {
    "institution_id": partner,
    "trainer_id": lambda owner: factories.qualification(owner).trainer_id,
    "qualification_id": lambda owner: factories.qualification(owner).id,
}

FINANCE: Mapping[str, Thing] = {
    "provider_id": lambda owner: factories.invoice(owner).provider_id,
    "enterprise_id": lambda owner: factories.invoice(owner).enterprise_id,
    "training_id": lambda owner: factories.invoice(owner).training_id,
    "correlation_id": lambda owner: factories.invoice(owner).correlation_id,
    "invoice_id": lambda owner: factories.invoice(owner, state="issued").id,
    "payment_id": lambda owner: factories.payment(owner).id,
    "price_id": price,
    "cost_id": lambda owner: factories.cost(owner).id,
}

NOTIFICATIONS: Mapping[str, Thing] = {
    "letter_id": letter_with_copy,
    "letter_ids": lambda owner: factories.letter(owner, hours_old=100).id,
    "suppression_id": lambda owner: factories.suppression(owner).id,
    "recipient_id": lambda owner: factories.letter(owner).recipient_id,
    "correlation_id": lambda owner: factories.letter(owner).correlation_id,
    "subject_id": lambda owner: factories.letter(owner).recipient_id,
    "object_id": lambda owner: factories.letter(owner).recipient_id,
}

OWNED: Mapping[str, Mapping[str, Thing]] = {
    "enrollment": ENROLLMENT,
    "consulting": CONSULTING,
    "certification": CERTIFICATION,
    "finance": FINANCE,
    "notifications": NOTIFICATIONS,
    "reporting": {},
}

TRAINERS: frozenset[str] = frozenset({"trainer_id", "lead_trainer_id", "co_trainer_ids", "supervisor_id"})
TOLD_BY_OTHERS: Mapping[str, frozenset[str]] = {
    "enrollment": TRAINERS,
    "consulting": TRAINERS | {"enterprise_id"},
}


def told_by_others(service: str) -> frozenset[str]:
    """The names of what another service makes, so that an id of it may not have been heard of yet.

    `institution_id` and `provider_id` of a caller who has one are compared with the caller's own: nothing is waited for."""
    return TOLD_BY_OTHERS.get(service, frozenset())


def owned(service: str, name: str, owner: UUID) -> Any:
    """What a name of an id stands for: a thing of the owner's. A story is nobody's thing, so any id is one."""
    makers = OWNED.get(service, {})
    if name == "correlation_id" and name not in makers:
        return ids.new()
    assert name in makers, f"say in tests/support/owned_things.py which thing of {service} a {name} names"
    return makers[name](owner)
