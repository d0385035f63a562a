"""Rows of two providers in each service, by document; what everybody shares; what nobody sees."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from uuid import UUID

from services.certification.catalogue.model import KnownModule as CertificationModule
from services.certification.certificates.model import IssuedNumber
from services.certification.partners.commands import keep_partner
from services.certification.partners.model import Partner
from services.certification.qualifications.model import Qualification
from services.certification.trainers.model import Trainer
from services.consulting.assessments.model import Assessment
from services.consulting.catalogue.model import KnownModule as ConsultingModule
from services.consulting.enterprises.model import EnterpriseScope
from services.consulting.plans.model import ImprovementPlan
from services.consulting.readings.model import Reading
from services.consulting.readings.queries import readings_of
from services.consulting.trainers import model as consulting_trainers
from services.consulting.visits.model import Visit
from services.enrollment.catalogue.model import ModuleVersion
from services.enrollment.duplicates.commands import count_comparison
from services.enrollment.duplicates.model import Comparisons
from services.enrollment.duplicates.sign_up_claim import SignUpClaim
from services.enrollment.enterprises.model import Enterprise
from services.enrollment.evaluations.model import Evaluation, UsedLink
from services.enrollment.evaluations.slips import Slip
from services.enrollment.imports.model import Import, ImportedRow, ImportFile
from services.enrollment.institutions.model import Institution
from services.enrollment.journeys.baseline import Baseline
from services.enrollment.journeys.model import Journey
from services.enrollment.participation.commitment_letter import CommitmentLetter
from services.enrollment.people.model import Participant
from services.enrollment.people.privacy_request import PrivacyRequest
from services.enrollment.trainers.authorisation import Authorisation
from services.enrollment.trainers.entitlement import Entitlement
from services.enrollment.trainings.model import Training
from services.finance.costs.model import Cost
from services.finance.invoices.model import Invoice
from services.finance.invoices.series import Series
from services.finance.payments.model import Payment
from services.finance.prices.commands import set_price
from services.finance.prices.model import Price
from services.notifications.calendars.model import CalendarAddress
from services.notifications.copies.model import MailToRemove, SentCopy
from services.notifications.letters.model import AskedMailbox, Letter
from services.notifications.links.model import SigningKey
from services.notifications.occasions.handlers import occasions
from services.notifications.occasions.model import KnownOccasion
from services.notifications.preferences.model import Preference
from services.notifications.sending.model import Handover
from services.notifications.suppressions.model import Suppression
from services.notifications.trainings.model import BeginningOfLetters, PlannedTraining
from services.reporting.freshness.model import Standing
from services.reporting.projections.commands import apply_event
from services.reporting.projections.enterprise_result import EnterpriseResult
from services.reporting.projections.money_result import CostResult, InvoiceResult
from services.reporting.projections.trainer_result import TrainerResult
from services.reporting.targets.model import Target
from shared.contracts.catalogue import class_for
from shared.contracts.event import Event, declaration_of, key_of
from shared.contracts.events import certification, enrollment, finance
from shared.contracts.samples import sample
from shared.contracts.values import Headcount
from shared.kernel import clock, ids
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM
from shared.kernel.service import Service
from shared.messaging.projections.generations import FIRST
from shared.messaging.subscriptions import ConsumerGroup
from tests.support import factories, import_sheets
from tests.support.assessments import assessed
from tests.support.billing import billed_for
from tests.support.factories import ALPHA, BETA
from tests.support.histories import changed
from tests.support.improvement_plans import planned
from tests.support.records import Group, records_of

SHARED = {ModuleVersion, ConsultingModule, CertificationModule, Target, Standing}

INNER = {
    Baseline,
    ImportFile,
    ImportedRow,
    CommitmentLetter,
    SignUpClaim,
    Authorisation,
    Entitlement,
    consulting_trainers.CertifiedTrainer,
    Evaluation,
    UsedLink,
    Slip,
    AskedMailbox,
    BeginningOfLetters,
    Handover,
    MailToRemove,
    PlannedTraining,
    CalendarAddress,
    Preference,
    SentCopy,
    SigningKey,
    Series,
    IssuedNumber,
}

Made = dict[type[Any], tuple[Any, Any]]

ENROLLMENT = (Institution, Enterprise, Training, Journey, Participant, PrivacyRequest, Import, Comparisons)


def _enrollment() -> Made:
    made: dict[type[Any], list[Any]] = {kind: [] for kind in ENROLLMENT}
    for owner in (ALPHA, BETA):
        made[Institution].append(factories.institution(owner))
        enterprise = factories.enterprise(owner)
        training = factories.delivered(owner, enterprise.id)
        made[Training].append(training)
        made[Enterprise].append(Enterprise.get(enterprise.id))
        made[Participant].append(factories.person(enterprise.id))
        made[PrivacyRequest].append(factories.asked(made[Participant][-1].id))
        made[Import].append(import_sheets.uploaded(owner))
        count_comparison(owner)
        made[Comparisons].append(Comparisons.get(Comparisons.id_of(owner, clock.now().date())))
        made[Journey].append(Journey.get(training.rosters[0].journey_id))
    return {kind: (rows[0], rows[1]) for kind, rows in made.items()}


def _consulting() -> Made:
    visits = [factories.visit(owner, to="reported") for owner in (ALPHA, BETA)]
    scopes = [EnterpriseScope.get(visit.enterprise_id) for visit in visits]
    made = [
        assessed(owner, enterprise_id=visit.enterprise_id) for owner, visit in zip((ALPHA, BETA), visits, strict=True)
    ]
    readings = [readings_of(each.id)[0] for each in made]
    plans = [
        planned(owner, enterprise_id=visit.enterprise_id) for owner, visit in zip((ALPHA, BETA), visits, strict=True)
    ]
    return {
        Visit: (visits[0], visits[1]),
        EnterpriseScope: (scopes[0], scopes[1]),
        Assessment: (made[0], made[1]),
        Reading: (readings[0], readings[1]),
        ImprovementPlan: (plans[0], plans[1]),
    }


def _certification() -> Made:
    held = [factories.qualification(owner) for owner in (ALPHA, BETA)]
    trainers = [Trainer.get(each.trainer_id) for each in held]
    for owner in (ALPHA, BETA):
        keep_partner(owner, kind="private_provider")
    return {
        Qualification: (held[0], held[1]),
        Trainer: (trainers[0], trainers[1]),
        Partner: (Partner.get(ALPHA), Partner.get(BETA)),
    }


def _finance() -> Made:
    prices = [
        set_price(module="M1", amount=1, valid_from=date(2020, 1, 1), provider_id=billed_for(owner))
        for owner in (ALPHA, BETA)
    ]
    invoices = [factories.invoice(owner, state="issued") for owner in (ALPHA, BETA)]
    payments = [factories.payment(each.provider_id, of=each) for each in invoices]
    costs = [factories.cost(owner) for owner in (ALPHA, BETA)]
    return {
        Price: (prices[0], prices[1]),
        Invoice: (invoices[0], invoices[1]),
        Payment: (payments[0], payments[1]),
        Cost: (costs[0], costs[1]),
    }


def _notifications() -> Made:
    owners = {ids.derived("foreign rows", owner): owner for owner in (ALPHA, BETA)}
    planned = [changed(enrollment.TrainingScheduled, training_id=key, provider_id=of) for key, of in owners.items()]
    Group(occasions).take(records_of(planned))
    known = [KnownOccasion.get(KnownOccasion.id_of(key, FIRST)) for key in owners]
    return {
        KnownOccasion: (known[0], known[1]),
        Letter: (factories.letter(ALPHA, hours_old=100), factories.letter(BETA, hours_old=100)),
        Suppression: (factories.suppression(ALPHA), factories.suppression(BETA)),
    }


def _reporting() -> Made:
    made: dict[type[Any], list[Any]] = {
        kind: [] for kind in (EnterpriseResult, TrainerResult, InvoiceResult, CostResult)
    }
    for owner in (ALPHA, BETA):
        events: list[tuple[type[Any], Event]] = [
            (EnterpriseResult, enrollment.EnterpriseRegistered(
                enterprise_id=ids.new(), province="ID-JT", sector="metal", headcount=Headcount(women=1, men=1),
                provider_id=owner, delivery_mode="direct",
            )),
            (TrainerResult, certification.TrainerRegistered(
                trainer_id=ids.new(), sex="female", institution_id=owner, kind="provider"
            )),
            (InvoiceResult, _owned(finance.InvoiceIssued, owner, "invoice_id")),
            (CostResult, _owned(finance.CostRecorded, owner, "cost_id")),
        ]  # fmt: skip
        for kind, event in events:
            apply_event(event, sequence=1, recorded_at=clock.now(), generation=FIRST)
            made[kind].append(kind.get(key_of(event)))
    return {kind: (rows[0], rows[1]) for kind, rows in made.items()}


def _owned(kind: type[Event], owner: UUID, key: str) -> Event:
    told = sample(kind)
    values = {name: getattr(told, name) for name in told.__struct_fields__}
    return kind(**{**values, "provider_id": owner, key: ids.new()})


ROWS: dict[str, Callable[[], Made]] = {
    "enrollment": _enrollment,
    "consulting": _consulting,
    "certification": _certification,
    "finance": _finance,
    "notifications": _notifications,
    "reporting": _reporting,
}


def rows_of(service: Service) -> Made:
    """Rows of both providers: those that `ROWS` makes, else what is kept of a sample of each event that the service hears."""
    return ROWS[service.name]() if service.name in ROWS else _told(service)


def _told(service: Service) -> Made:
    kept = [kind for kind in service.documents if kind not in SHARED | INNER]
    made: dict[type[Any], list[Any]] = {kind: [] for kind in kept}
    for owner in (ALPHA, BETA):
        before = {kind: {row.id for row in kind.objects} for kind in kept}
        with acting_as(SYSTEM):
            for group in service.groups:
                Group(group).take(records_of(_owned_by(owner, group)))
        for kind in kept:
            made[kind] += [row for row in kind.objects if row.id not in before[kind]]
    return {kind: (rows[0], rows[1]) for kind, rows in made.items() if len(rows) == 2}


def _owned_by(owner: UUID, group: ConsumerGroup) -> Iterator[Event]:
    """A sample of each event that a group hears of a provider's things, about this provider's."""
    for kind in filter(None, map(class_for, group.handlers)):
        if "provider_id" in kind.__struct_fields__:
            yield _owned(kind, owner, declaration_of(kind).key)


PROVIDERS_SEE_NONE = {TrainerResult, InvoiceResult, CostResult, Comparisons}  # they are the whole programme's
