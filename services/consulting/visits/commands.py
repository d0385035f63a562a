"""Plans, reports and reviews visits, and lets them follow their enterprise."""

from __future__ import annotations

from datetime import date
from typing import Unpack
from uuid import UUID

from services.consulting.enterprises.queries import active_enterprise, scope_of
from services.consulting.settings import consulting_settings
from services.consulting.visits.model import Visit
from services.consulting.visits.queries import require_module, taken_numbers
from services.consulting.visits.rules import number_for
from shared.domain.external_ids import OwnNumber, renumber, require_free
from shared.domain.refusals import Refusals
from shared.domain.trainers import require_nameable
from shared.kernel import clock
from shared.kernel.context import current_principal
from shared.storage.transaction import transactional


@transactional
def schedule_visit(
    *,
    enterprise_id: UUID,
    module: str,
    planned_on: date,
    trainer_id: UUID,
    minutes: int | None = None,
    number: int | None = None,
    external_id: str | None = None,
) -> Visit:
    """Schedule a visit of a module. Without a number it gets the lowest free one of that module in that enterprise."""
    faults = Refusals()
    with faults.gather():
        enterprise = active_enterprise(enterprise_id)
        with faults.gather():  # who may be named is the provider's
            _require_nameable(trainer_id, provider_id=enterprise.provider_id, module=module, day=planned_on)
    with faults.gather():
        require_module(module)
    faults.end()
    enterprise.plannings += 1
    enterprise.save()
    visit = Visit(
        enterprise_id=enterprise_id,
        module=module,
        number=number_for(number, taken_numbers(enterprise_id, module)),
        planned_on=planned_on,
        minutes=minutes or consulting_settings().visit_minutes,
        trainer_id=trainer_id,
        provider_id=enterprise.provider_id,
        external_id=external_id,
    )
    require_free(visit)
    visit.schedule(by=current_principal(), at=clock.now())
    return visit.save()


@transactional
def number_visit(visit_id: UUID, **changes: Unpack[OwnNumber]) -> Visit:
    """Give a visit the number that its provider's own system has for it; null takes it away."""
    return renumber(Visit.get(visit_id), changes)


@transactional
def reschedule_visit(
    visit_id: UUID, *, planned_on: date, reason: str, minutes: int | None = None, trainer_id: UUID | None = None
) -> Visit:
    """Give a visit that is to come another day, another length or another trainer."""
    visit = Visit.get(visit_id)
    visit.reschedule(
        planned_on,
        minutes or visit.minutes,
        trainer_id or visit.trainer_id,
        reason,
        by=current_principal(),
        at=clock.now(),
    )
    _require_nameable(visit.trainer_id, provider_id=visit.provider_id, module=visit.module, day=visit.planned_on)
    return visit.save()


@transactional
def cancel_visit(visit_id: UUID, *, reason: str) -> Visit:
    visit = Visit.get(visit_id)
    visit.cancel(reason, by=current_principal(), at=clock.now())
    return visit.save()


@transactional
def report_visit(visit_id: UUID, *, visited_on: date, minutes: int, findings: str, actions: str | None = None) -> Visit:
    """Report a visit that took place; its report waits for review. A returned report is handed in the same way."""
    visit = Visit.get(visit_id)
    visit.hand_in(
        visited_on=visited_on,
        minutes=minutes,
        findings=findings,
        actions=actions,
        today=clock.today(consulting_settings().zone),
        by=current_principal(),
        at=clock.now(),
    )
    return visit.save()


@transactional
def accept_report(visit_id: UUID) -> Visit:
    """Accept a report that is good: the visit counts."""
    visit = Visit.get(visit_id)
    visit.accept(by=current_principal(), at=clock.now())
    return visit.save()


@transactional
def return_report(visit_id: UUID, *, reason: str, comment: str | None = None) -> Visit:
    """Return a report to its trainer."""
    visit = Visit.get(visit_id)
    visit.send_back(reason, comment, by=current_principal(), at=clock.now())
    return visit.save()


@transactional
def void_visit(visit_id: UUID, *, reason: str) -> Visit:
    """Void an accepted visit that turned out to be wrong: it no longer counts."""
    visit = Visit.get(visit_id)
    visit.void(reason, by=current_principal(), at=clock.now())
    return visit.save()


@transactional
def move_enterprise(enterprise_id: UUID, *, provider_id: UUID) -> None:
    """Move an enterprise's visits to its new provider; the old one and its trainers no longer see them."""
    enterprise = scope_of(enterprise_id)
    enterprise.provider_id = provider_id
    enterprise.plannings += 1
    enterprise.save()
    for visit in Visit.objects(enterprise_id=enterprise_id):
        if visit.provider_id != provider_id:
            visit.move(provider_id)
            visit.save()


@transactional
def withdraw_enterprise(enterprise_id: UUID) -> None:
    """Call off what was planned for an enterprise that left the programme; what took place stays."""
    enterprise = scope_of(enterprise_id)
    enterprise.state = "withdrawn"
    enterprise.plannings += 1
    enterprise.save()
    for visit in Visit.objects(enterprise_id=enterprise_id):
        if visit.state == "scheduled":
            visit.cancel("enterprise_withdrawn", by=current_principal(), at=clock.now())
            visit.save()


def _require_nameable(trainer_id: UUID, *, provider_id: UUID, module: str, day: date) -> None:
    require_nameable({"/trainer_id": trainer_id}, provider_id=provider_id, module=module, days=(day, day))
