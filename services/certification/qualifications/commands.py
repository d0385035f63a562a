"""Grants certificates and takes them away."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from services.certification.certificates.commands import issue_number
from services.certification.certificates.model import Certificate
from services.certification.certificates.rules import kept_for
from services.certification.qualifications.errors import ERASED, NameKept
from services.certification.qualifications.model import Qualification
from services.certification.qualifications.queries import certification_today, checked_last_day
from services.certification.qualifications.rules import FOUNDATION, require_foundation
from services.certification.settings import certification_settings
from services.certification.trainers.model import Trainer
from shared.domain.errors import Conflict
from shared.erasure.progress import begin_erasure
from shared.kernel import clock, ids
from shared.messaging.outbox.compacted import publish_party
from shared.observability import logs
from shared.storage.transaction import transactional
from shared.web import idempotency

log = logs.get(__name__)


@transactional
def grant_historic_certificate(
    trainer_id: UUID,
    *,
    module: str,
    valid_from: date,
    document_reference: str,
    number: str | None = None,
    valid_to: date | None = None,
) -> Qualification:
    """Grant a certificate earned before the platform, by a document that the programme saw. M1 comes before the others."""
    trainer = Trainer.get(trainer_id)
    if trainer.state == "erased":
        raise Conflict(ERASED)
    until = checked_last_day(valid_from, valid_to)
    if module != FOUNDATION:
        require_foundation(Qualification.find(Qualification.id_of(trainer_id, FOUNDATION)), certification_today())
    qualification_id = Qualification.id_of(trainer_id, module)
    qualification = Qualification.find(qualification_id) or Qualification(
        id=qualification_id,
        trainer_id=trainer_id,
        module=module,
        institution_id=trainer.institution_id,
        sex=trainer.sex,
    )
    if qualification.state in ("certified", "suspended") and qualification.lapsed(certification_today()):
        qualification.expire()  # the timer has not come by yet
    certificate = Certificate(
        number=(number or _new_number(module, valid_from)).upper(),
        valid_from=valid_from,
        valid_to=until,
        historic=True,
        document_reference=document_reference,
    )
    qualification.certify(certificate)
    issue_number(certificate.number, qualification_id=qualification.id)
    return qualification.save()


@transactional
def erase_trainer(trainer_id: UUID) -> Trainer:
    """Forget a trainer here, and tell every service that holds a copy to do the same. The certificates' numbers stay.

    Raises `Conflict` while a certificate is valid or its holder's name has to be kept (domain.md 10.7, rule 9).
    """
    trainer = Trainer.get(trainer_id)
    papers = [paper for held in Qualification.objects(trainer_id=trainer_id) for paper in held.certificates]
    kept_until = kept_for(papers, days=certification_settings().name_days)
    if kept_until is not None and certification_today() <= kept_until:
        raise NameKept(kept_until)
    trainer.erase()
    trainer.save()
    due_at = clock.now() + timedelta(hours=certification_settings().erasure_hours)
    begin_erasure(trainer_id, due_at=due_at, institution_id=trainer.institution_id)
    publish_party(trainer.forgotten())
    idempotency.forget(trainer_id)
    return trainer


@transactional
def suspend_certificate(qualification_id: UUID, *, reason: str) -> Qualification:
    """Suspend a certificate: it does not entitle from today on."""
    qualification = Qualification.get(qualification_id)
    qualification.suspend(reason, certification_today())
    return qualification.save()


@transactional
def lift_suspension(qualification_id: UUID) -> Qualification:
    """Lift the suspension of a certificate: it entitles again from today on."""
    qualification = Qualification.get(qualification_id)
    qualification.lift_suspension(certification_today())
    return qualification.save()


@transactional
def revoke_certificate(qualification_id: UUID, *, reason: str) -> Qualification:
    """Revoke a certificate for good."""
    qualification = Qualification.get(qualification_id)
    qualification.revoke(reason, certification_today())
    return qualification.save()


def expire_certificates() -> None:
    """Expire every certificate whose last day has passed; once each, in a transaction of its own."""
    today = certification_today()
    for state in ("certified", "suspended"):
        due = [row.id for row in Qualification.objects(state=state, valid_to__lt=today).only("id")]
        for qualification_id in due:
            expire_certificate(qualification_id)
        if due:
            log.info("certificates expired", count=len(due))


@transactional
def expire_certificate(qualification_id: UUID) -> None:
    qualification = Qualification.get(qualification_id)
    if qualification.state in ("certified", "suspended") and qualification.lapsed(certification_today()):
        qualification.expire()
        qualification.save()


def _new_number(module: str, valid_from: date) -> str:
    return f"SCORE-{module}-{valid_from.year}-{ids.new().hex[-8:]}"
