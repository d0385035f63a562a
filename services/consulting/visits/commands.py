"""Plans, reports and reviews visits, and lets them follow their enterprise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from datetime import date
from typing import Unpack
from uuid import UUID

from services.consulting.catalogue.queries import require_module
from services.consulting.enterprises import commands as enterprises
from services.consulting.enterprises.model import AttendedClassroom
from services.consulting.enterprises.queries import active_enterprise, require_classroom, scope_of
from services.consulting.readings import commands as readings_commands
from services.consulting.readings.rules import GivenReading, require_readings
from services.consulting.reports.checklists import codes_of
from services.consulting.reports.model import Draft, GivenAnswer, GivenRemark, Report, answers_of, confirmation_of
from services.consulting.settings import consulting_settings, today
from services.consulting.trainers.queries import require_entitlement
from services.consulting.visits.model import Visit
from services.consulting.visits.required import end_visit, open_required, visit_to_plan
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
    """Schedule a visit of a module. Without a number it gets the lowest free one of that module in that enterprise; where the
    classroom requires the visit of that number, it is that visit."""
    faults = Refusals()
    with faults.gather():
        enterprise = active_enterprise(enterprise_id)
        with faults.gather():  # who may be named is the provider's
            _require_nameable(trainer_id, provider_id=enterprise.provider_id, module=module, day=planned_on)
    with faults.gather():
        require_module(module)
    faults.end()
    require_classroom(enterprise, module=module, day=planned_on)
    require_entitlement(trainer_id, module=module, day=planned_on)
    enterprise.plannings += 1
    enterprise.save()
    visit = visit_to_plan(enterprise, module, number)
    visit.external_id = external_id or visit.external_id
    require_free(visit)
    visit.schedule(planned_on, minutes or visit.minutes, trainer_id, by=current_principal(), at=clock.now())
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
    require_classroom(scope_of(visit.enterprise_id), module=visit.module, day=visit.planned_on)
    require_entitlement(visit.trainer_id, module=visit.module, day=visit.planned_on)
    return visit.save()


@transactional
def cancel_visit(visit_id: UUID, *, reason: str) -> Visit:
    visit = Visit.get(visit_id)
    visit.cancel(reason, by=current_principal(), at=clock.now())
    return end_visit(visit)


@transactional
def report_visit(
    visit_id: UUID,
    *,
    visited_on: date,
    minutes: int,
    findings: str,
    actions: str | None = None,
    checklist: Sequence[GivenAnswer] = (),
) -> Visit:
    """Report a visit that took place; its report waits for review. It is corrected before its review, and handed in again after
    it was returned, in the same way."""
    visit = Visit.get(visit_id)
    by, at = current_principal(), clock.now()
    report = Report(
        visited_on=visited_on,
        minutes=minutes,
        findings=findings,
        actions=actions,
        checklist=answers_of(checklist),
        reported_by=by.id,
        reported_at=at,
    )
    visit.hand_in(report, items=codes_of(visit.module), today=today(), by=by, at=at)
    return visit.save()


@transactional
def keep_draft(
    visit_id: UUID,
    *,
    visited_on: date | None = None,
    minutes: int | None = None,
    findings: str | None = None,
    actions: str | None = None,
    checklist: Sequence[GivenAnswer] = (),
) -> Visit:
    """Keep a report that is not finished: only those who may hand it in read it."""
    visit = Visit.get(visit_id)
    draft = Draft(
        visited_on=visited_on,
        minutes=minutes,
        findings=findings,
        actions=actions,
        checklist=answers_of(checklist),
        saved_at=clock.now(),
    )
    visit.keep_draft(draft, items=codes_of(visit.module))
    return visit.save()


@transactional
def confirm_visit(visit_id: UUID, *, answer: str, comment: str | None = None) -> Visit:
    """Confirm that a visit took place as reported, or say what is not right. The last answer before the review holds. Who enters
    what was said by phone is somebody whom the report is not of."""
    visit = Visit.get(visit_id)
    by, at = current_principal(), clock.now()
    said = visit.confirm(confirmation_of(answer, comment, by=by, at=at), by=by, at=at)
    return visit.save() if said else visit


@transactional
def enter_readings(visit_id: UUID, *, readings: Sequence[GivenReading]) -> Visit:
    """Enter or correct what was read at a visit that is reported. It counts once the report is accepted."""
    visit = Visit.get(visit_id)
    taken_at = visit.taken_at()
    require_readings(readings)
    visit.save()
    readings_commands.keep_readings(taken_at, readings, counts=visit.state == "accepted")
    return visit


@transactional
def accept_report(visit_id: UUID) -> Visit:
    """Accept a report that is good: the visit counts. Accepted again, it is as it was."""
    visit = Visit.get(visit_id)
    confirmed = consulting_settings().confirmation_gate == "on"
    if not visit.accept(confirmed=confirmed, by=current_principal(), at=clock.now()):
        return visit
    readings_commands.count_readings(visit.id, counts=True)
    return visit.save()


@transactional
def return_report(
    visit_id: UUID, *, reason: str, comment: str | None = None, remarks: Sequence[GivenRemark] = ()
) -> Visit:
    """Return a report to its trainer, with remarks on its items."""
    visit = Visit.get(visit_id)
    visit.send_back(reason, comment, remarks, by=current_principal(), at=clock.now())
    return visit.save()


@transactional
def void_visit(visit_id: UUID, *, reason: str) -> Visit:
    """Void an accepted visit that turned out to be wrong: it no longer counts."""
    visit = Visit.get(visit_id)
    visit.void(reason, by=current_principal(), at=clock.now())
    readings_commands.count_readings(visit.id, counts=False)
    return end_visit(visit)


@transactional
def move_enterprise(enterprise_id: UUID, *, provider_id: UUID) -> None:
    """Move an enterprise's visits to its new provider; the old one and its trainers no longer see them."""
    enterprise = scope_of(enterprise_id)
    enterprise.provider_id = provider_id
    enterprise.plannings += 1
    enterprise.save()
    for visit in Visit.objects(enterprise_id=enterprise_id):
        if visit.state != "to_plan" and visit.provider_id != provider_id:
            visit.move(provider_id)
            visit.save()
    open_required(enterprise)


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
    open_required(enterprise)


@transactional
def keep_enterprise(enterprise_id: UUID, *, provider_id: UUID, province: str) -> None:
    """Keep an enterprise that signed up or was corrected, with the visits that it owes for classrooms heard of before."""
    enterprises.keep_enterprise(enterprise_id, provider_id=provider_id, province=province)
    open_required(scope_of(enterprise_id))


@transactional
def merge_enterprise(merged_id: UUID, *, kept_id: UUID) -> None:
    """Merge two registrations of one enterprise: nothing is planned any more for the one that was given up."""
    enterprises.merge_enterprise(merged_id, kept_id=kept_id)
    open_required(scope_of(merged_id))


@transactional
def attend_classroom(enterprise_ids: Iterable[UUID], classroom: AttendedClassroom) -> None:
    """Open the visits that a delivered classroom requires, for the enterprises that came."""
    for enterprise_id in enterprise_ids:
        enterprise = scope_of(enterprise_id)
        enterprise.attend(copy(classroom))
        enterprise.plannings += 1
        enterprise.save()
        open_required(enterprise)


@transactional
def lose_classroom(enterprise_ids: Iterable[UUID], training_id: UUID) -> None:
    """Close the visits that a reversed delivery required and nobody planned. What was planned stays: who planned it decides."""
    for enterprise_id in enterprise_ids:
        enterprise = scope_of(enterprise_id)
        enterprise.lose_classroom(training_id)
        enterprise.plannings += 1
        enterprise.save()
        open_required(enterprise)


def _require_nameable(trainer_id: UUID, *, provider_id: UUID, module: str, day: date) -> None:
    require_nameable({"/trainer_id": trainer_id}, provider_id=provider_id, module=module, days=(day, day))
