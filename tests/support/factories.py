"""What two providers have in each service, made by the services' own commands. People are invented."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from services.certification.partners import commands as certification_partners
from services.certification.qualifications import commands as certification
from services.certification.qualifications.model import Qualification
from services.certification.trainers import commands as certification_trainers
from services.certification.trainers.model import Trainer
from services.consulting.catalogue import commands as consulting_catalogue
from services.consulting.enterprises import commands as consulting_enterprises
from services.consulting.enterprises.model import AttendedClassroom
from services.consulting.trainers import commands as consulting_trainers
from services.consulting.visits import commands as consulting
from services.consulting.visits.model import Visit
from services.enrollment.enterprises import commands as enterprises_commands
from services.enrollment.enterprises.model import Enterprise
from services.enrollment.institutions import commands as institutions_commands
from services.enrollment.institutions.model import Institution
from services.enrollment.participation import commands as participation_commands
from services.enrollment.people import commands as people_commands
from services.enrollment.people.model import Participant
from services.enrollment.people.privacy_request import PrivacyRequest
from services.enrollment.privacy import commands as privacy_commands
from services.enrollment.trainers import commands as trainers_commands
from services.enrollment.trainings import commands as trainings_commands
from services.enrollment.trainings.model import Training
from services.finance.billing import commands as billing_commands
from services.finance.costs import commands as costs_commands
from services.finance.costs.model import Cost
from services.finance.invoices import commands as finance
from services.finance.invoices.model import Invoice
from services.finance.payments import commands as payments_commands
from services.finance.payments.model import Payment
from services.finance.prices import commands as prices_commands
from services.notifications.letters import commands as notifications
from services.notifications.letters.model import Letter
from services.notifications.suppressions.commands import suppress_address
from services.notifications.suppressions.model import Suppression
from shared.contracts.events.certification import qualification_id
from shared.contracts.parties import CONTACTS, Party
from shared.kernel import clock, ids
from shared.kernel.context import acting_as, tracing
from shared.kernel.principal import SYSTEM, Principal
from shared.kernel.trace import Trace, new_traceparent
from shared.messaging import copies, parties
from shared.messaging.ports import Heard
from shared.storage.transaction import transactional
from tests.support.billing import billed_for
from tests.support.trainers import authorised, known_trainer

ALPHA = UUID("018f0000-0000-7000-8000-00000000000a")
BETA = UUID("018f0000-0000-7000-8000-00000000000b")
STAFF = Principal(subject="staff", role="programme", issuer="tests")
SEATS = {"managers": {"women": 1, "men": 1}, "workers": {"women": 1, "men": 1}}
ZONE = "Asia/Jakarta"
LETTER = b"%PDF-1.7 a signed letter"


def provider(institution: UUID) -> Principal:
    return Principal(subject=f"staff of {institution}", role="provider", issuer="tests", institution=institution)


def days_ago(*days: int) -> list[date]:
    return [clock.today(ZONE) - timedelta(days=number) for number in days]


@contextmanager
def story() -> Iterator[Trace]:
    """A story of its own, as every request and every handler has one."""
    with tracing(Trace(ids.new(), new_traceparent(), causation_id=ids.new())) as trace:
        yield trace


# enrollment


def institution(own_id: UUID, name: str = "Semut Contoh") -> Institution:
    return institutions_commands.register_institution(id=own_id, kind="private_provider", name=name, province="ID-JT")


def enterprise(owner: UUID, name: str = "Kayu Contoh", **described: Any) -> Enterprise:
    known: dict[str, Any] = {
        "name": name, "legal_form": "CV", "province": "ID-JT", "sector": "metal", "headcount": {"women": 20, "men": 10},
        "contact": {"name": "Ratna", "email": "ratna@example.org", "language": "id"}, "delivery_mode": "direct",
        "confirm_distinct": "namesake",
    }  # fmt: skip
    return enterprises_commands.register_enterprise(provider_id=owner, **{**known, **described})


def walked(owner: UUID, to: str, *, plan: tuple[str, ...] = ("M1",), **described: Any) -> Enterprise:
    """A new enterprise, brought to a state of its way into the programme."""
    return brought(enterprise(owner, **described), to, plan)


def brought(made: Enterprise, to: str, plan: tuple[str, ...] = ("M1",)) -> Enterprise:
    """A registered enterprise, led to a state by the commands that lead there."""
    if to == "registered":
        return made
    reasons = ["unsafe_site"] if to == "ineligible" else []
    made = participation_commands.screen_enterprise(made.id, screened_on=days_ago(3)[0], reasons=reasons)
    if to in ("committed", "enrolled"):
        letter = participation_commands.upload_commitment_letter(made.id, content=LETTER)
        made = participation_commands.commit_enterprise(
            made.id, signed_on=days_ago(2)[0], plan=list(plan), letter_id=letter.id, enterprise_share_percent=40
        )
    return participation_commands.enroll_enterprise(made.id, enrolled_on=days_ago(1)[0]) if to == "enrolled" else made


def person(enterprise_id: UUID, name: str = "Sekar", **described: Any) -> Participant:
    known: dict[str, Any] = {
        "sex": "female", "role": "worker", "email": "sekar@example.org", "consent": {"purposes": ["training", "contact"]},
        "namesake": True,
    }  # fmt: skip
    return people_commands.register_participant(enterprise_id=enterprise_id, name=name, **{**known, **described})


def asked(participant_id: UUID, kind: str = "access") -> PrivacyRequest:
    return privacy_commands.record_privacy_request(participant_id=participant_id, kind=kind, channel="letter")


def entitled(trainer_id: UUID, module: str = "M1", *, of: UUID | None = None) -> UUID:
    """A trainer who may teach the module now, as certification would have said."""
    known_trainer(trainer_id, of=of)
    with acting_as(SYSTEM):
        trainers_commands.keep_entitlement(
            qualification_id=ids.derived("qualification", trainer_id, module), trainer_id=trainer_id, module=module,
            valid_from=date(2020, 1, 1), valid_to=date(2099, 12, 31), ended_on=None,
        )  # fmt: skip
    return trainer_id


def candidate(trainer_id: UUID, expert: UUID, days: list[date]) -> None:
    """A candidate who may lead M1 under an expert between two days, as certification would have said."""
    said = authorised(trainer_id, expert, days)
    with acting_as(SYSTEM):
        trainers_commands.keep_authorisation(
            qualification_id=said.qualification_id, trainer_id=trainer_id, module=said.module, expert_id=expert,
            valid_from=said.valid_from, valid_to=said.valid_to,
        )  # fmt: skip


def training(
    owner: UUID, *seated: UUID, days: list[date] | None = None, trainer: UUID | None = None, **described: Any
) -> Training:
    made = trainings_commands.schedule_training(
        module="M1", kind=described.pop("kind", "regular"), zone=ZONE, delivery_mode="direct", co_trainer_ids=[],
        provider_id=owner, days=days or days_ago(10, 9), lead_trainer_id=trainer or entitled(ids.new()), **described,
    )  # fmt: skip
    for enterprise_id in seated:
        if (known := Enterprise.get(enterprise_id)).state == "registered":
            brought(known, "enrolled")
        made = trainings_commands.seat_enterprise(made.id, enterprise_id=enterprise_id, seats=SEATS)
    return made


def attendance(*enterprises: UUID) -> list[dict[str, Any]]:
    return [{"enterprise_id": enterprise_id, "attended": SEATS} for enterprise_id in enterprises]


def delivered(owner: UUID, *seated: UUID, **described: Any) -> Training:
    made = training(owner, *seated, **described)
    return trainings_commands.deliver_training(made.id, attendance=attendance(*seated))


# consulting


def known_enterprise(owner: UUID, enterprise_id: UUID | None = None) -> UUID:
    """An enterprise that consulting has heard of, and the module M1, whose classroom it had long ago."""
    enterprise_id = enterprise_id or ids.new()
    consulting_catalogue.keep_module("M1")
    consulting_enterprises.keep_enterprise(enterprise_id, provider_id=owner, province="ID-JT")
    consulting.attend_classroom(
        [enterprise_id],
        AttendedClassroom(
            training_id=ids.derived("long-ago", enterprise_id), module="M1", delivered_on=date(2020, 1, 1), required_visits=0,
            lead_trainer_id=ids.derived("long-ago", owner),
            provider_id=owner,
        ),
    )  # fmt: skip
    return enterprise_id


def visiting(trainer_id: UUID | None = None, *, of: UUID | None = None, module: str = "M1") -> UUID:
    """A trainer who is certified for a module, as consulting has heard from certification."""
    known = known_trainer(trainer_id, of=of)
    with acting_as(SYSTEM):
        consulting_trainers.keep_entitlement(
            qualification_id(known, module), trainer_id=known, module=module, valid_from=date(2020, 1, 1),
            valid_to=date(2099, 12, 31), ended_on=None,
        )  # fmt: skip
    return known


def visit(
    owner: UUID, *, to: str = "scheduled", trainer: UUID | None = None, enterprise_id: UUID | None = None
) -> Visit:
    """A visit of a provider's, brought `to` a state: reported by its trainer, reviewed by the programme."""
    trainer_id = trainer or visiting()
    made = consulting.schedule_visit(
        enterprise_id=enterprise_id or known_enterprise(owner),
        module="M1",
        planned_on=days_ago(3)[0],
        trainer_id=trainer_id,
    )
    if to == "scheduled":
        return made
    with acting_as(Principal(subject="trainer", role="trainer", issuer="tests", trainer=trainer_id)):
        made = consulting.report_visit(made.id, visited_on=days_ago(2)[0], minutes=120, findings="Gudang lebih rapi.")
    if to in ("accepted", "voided"):
        made = consulting.accept_report(made.id)
    return made


# certification


def trainer(owner: UUID | None) -> Trainer:
    if owner is not None:
        certification_partners.keep_partner(owner, kind="private_provider")
    return certification_trainers.register_trainer(
        institution_id=owner,
        name="Wulan",
        sex="female",
        kind="provider",
        email="wulan@example.org",
        language="id",
        provinces=[],
    )


def qualification(owner: UUID | None, module: str = "M1", of: UUID | None = None, **described: Any) -> Qualification:
    held = {"valid_from": days_ago(100)[0], "document_reference": "Surat 1/2026", **described}
    return certification.grant_historic_certificate(of or trainer(owner).id, module=module, **held)


# finance


def invoice(owner: UUID, *, state: str = "waiting_for_price", enterprise_id: UUID | None = None) -> Invoice:
    """An invoice of a provider's for a classroom nine days ago, brought to a state."""
    made_for = enterprise_id or ids.new()
    if state != "waiting_for_price":
        prices_commands.set_price(
            module="M1", amount=1_000_000, valid_from=date(2020, 1, 1), provider_id=billed_for(owner)
        )
    with story():
        made = billing_commands.draft_delivery_invoice(
            enterprise_id=made_for, module="M1", training_id=ids.new(), delivered_on=days_ago(9)[0], provider_id=owner
        )
    if state == "issued":
        finance.number_drafts()
        made = Invoice.get(made.id)
    return made


def payment(owner: UUID, amount: int = 400_000, *, of: Invoice | None = None) -> Payment:
    """A payment of part of an invoice."""
    paid = of or invoice(owner, state="issued")
    with story():
        return payments_commands.record_payment(
            paid.id, amount=amount, withheld=20_000, received_on=days_ago(0)[0], method="transfer"
        )


def cost(owner: UUID) -> Cost:
    """A provider's cost of the day."""
    with story():
        return costs_commands.record_cost(
            category="venue", amount=250_000, incurred_on=days_ago(0)[0], module="M1", provider_id=billed_for(owner)
        )


# notifications


@transactional
def party(
    party_id: UUID, *, version: int = 1, email: str | None = "ratna@example.org", name: str = "Ratna", **more: Any
) -> None:
    known = {"kind": "enterprise", "language": "id", "zone": ZONE, **more}
    about = Party(party_id=party_id, version=version, name=name, email=email, **known)
    copies.keep("notifications.addresses", about, Heard(CONTACTS.of("enrollment")))


def letter(owner: UUID, *, recipient: UUID | None = None, hours_old: float = 0, known: bool = True) -> Letter:
    recipient_id = recipient or ids.new()
    if known and parties.find(recipient_id) is None:
        party(recipient_id)
    with story():
        written = notifications.write_letter(
            template="invoice_issued", cause_id=ids.new(), cause_at=clock.now() - timedelta(hours=hours_old),
            recipient_id=recipient_id, institution_id=owner,
            about={
                "number": "2026/00000A/00001", "module": "M1", "total": 1_000_000, "tax": 0,
                "issued_on": "2026-11-24", "due_on": "2026-12-24",
            },
        )  # fmt: skip
    assert written is not None
    return written


def suppression(owner: UUID) -> Suppression:
    """An address that a mail server refused, of a recipient of this provider's letters."""
    recipient_id, address = ids.new(), ids.new()
    party(recipient_id)
    suppress_address(recipient_id=recipient_id, address_id=address, institution_id=owner, reason="smtp-550")
    return Suppression.get(Suppression.id_for(recipient_id, address))
