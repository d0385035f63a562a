"""Everything consulting can be asked."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.consulting.catalogue import KnownModule
from services.consulting.enterprise_scope import EnterpriseScope
from services.consulting.settings import consulting_settings
from services.consulting.visit import NUMBERED, Visit, number_for
from shared.errors import Invalid
from shared.runtime import clock, ids
from shared.runtime.context import seeing_everything
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
) -> Visit:
    """A visit of a module is fixed. Without a number it gets the lowest free one of that module in that enterprise."""
    enterprise = _active_enterprise(enterprise_id)
    if KnownModule.of(module) is None:
        words = {"id": "Modul ini tidak ada dalam katalog.", "en": "This module is not in the catalogue."}
        raise Invalid("/module", "unknown-module", words)
    enterprise.plannings += 1
    enterprise.save()
    with seeing_everything():
        known = Visit.objects(enterprise_id=enterprise_id, module=module)
        taken = {visit.number for visit in known if visit.state in NUMBERED}
    visit = Visit(
        enterprise_id=enterprise_id,
        module=module,
        number=number_for(number, taken),
        planned_on=planned_on,
        minutes=minutes or consulting_settings().visit_minutes,
        trainer_id=trainer_id,
        provider_id=enterprise.provider_id,
    )
    visit.schedule()
    return visit.save()


@transactional
def reschedule_visit(
    visit_id: UUID, *, planned_on: date, reason: str, minutes: int | None = None, trainer_id: UUID | None = None
) -> Visit:
    """A visit that is to come gets another day, another length or another trainer."""
    visit = Visit.get(visit_id)
    visit.reschedule(planned_on, minutes or visit.minutes, trainer_id or visit.trainer_id, reason)
    return visit.save()


@transactional
def cancel_visit(visit_id: UUID, *, reason: str) -> Visit:
    visit = Visit.get(visit_id)
    visit.cancel(reason)
    return visit.save()


@transactional
def report_visit(visit_id: UUID, *, visited_on: date, minutes: int, findings: str, actions: str | None = None) -> Visit:
    """The visit took place; its report waits for review. A returned report is handed in the same way."""
    visit = Visit.get(visit_id)
    today = clock.today(consulting_settings().zone)
    visit.hand_in(visited_on=visited_on, minutes=minutes, findings=findings, actions=actions, today=today)
    return visit.save()


@transactional
def accept_report(visit_id: UUID) -> Visit:
    """The report is good: the visit counts."""
    visit = Visit.get(visit_id)
    visit.accept()
    return visit.save()


@transactional
def return_report(visit_id: UUID, *, reason: str, comment: str | None = None) -> Visit:
    """The report goes back to its trainer."""
    visit = Visit.get(visit_id)
    visit.send_back(reason, comment)
    return visit.save()


@transactional
def void_visit(visit_id: UUID, *, reason: str) -> Visit:
    """An accepted visit turned out to be wrong: it no longer counts."""
    visit = Visit.get(visit_id)
    visit.void(reason)
    return visit.save()


@transactional
def keep_module(code: str) -> None:
    """A version of a module entered the catalogue."""
    if KnownModule.of(code) is None:
        KnownModule(id=ids.derived("module", code), code=code).save()


@transactional
def keep_enterprise(enterprise_id: UUID, *, provider_id: UUID, province: str) -> None:
    """An enterprise signed up with a provider, or what was said of it was corrected."""
    enterprise = _scope_of(enterprise_id)
    enterprise.provider_id, enterprise.province = provider_id, province
    enterprise.save()


@transactional
def move_enterprise(enterprise_id: UUID, *, provider_id: UUID) -> None:
    """An enterprise changed its provider: the new one sees its visits, the old one no longer does."""
    enterprise = _scope_of(enterprise_id)
    enterprise.provider_id = provider_id
    enterprise.plannings += 1
    enterprise.save()
    for visit in Visit.objects(enterprise_id=enterprise_id):
        if visit.provider_id != provider_id:
            visit.provider_id = provider_id
            visit.save()


@transactional
def withdraw_enterprise(enterprise_id: UUID) -> None:
    """An enterprise left the programme: what was planned for it is called off, what took place stays."""
    enterprise = _scope_of(enterprise_id)
    enterprise.state = "withdrawn"
    enterprise.plannings += 1
    enterprise.save()
    for visit in Visit.objects(enterprise_id=enterprise_id):
        if visit.state == "scheduled":
            visit.cancel("enterprise_withdrawn")
            visit.save()


@transactional
def merge_enterprise(merged_id: UUID, *, kept_id: UUID) -> None:
    """Two registrations were one enterprise: nothing more is planned for the one that was given up."""
    enterprise = _scope_of(merged_id)
    enterprise.state, enterprise.merged_into = "merged", kept_id
    enterprise.plannings += 1
    enterprise.save()


def _scope_of(enterprise_id: UUID) -> EnterpriseScope:
    return EnterpriseScope.find(enterprise_id) or EnterpriseScope(id=enterprise_id)


def _active_enterprise(enterprise_id: UUID) -> EnterpriseScope:
    """An enterprise of the caller's for which visits may be planned; an unknown and a foreign one are refused alike."""
    enterprise = EnterpriseScope.find(enterprise_id)
    if enterprise is None or enterprise.provider_id is None:
        words = {"id": "Usaha ini tidak dikenal.", "en": "This enterprise is not known."}
        raise Invalid("/enterprise_id", "unknown-enterprise", words)
    if enterprise.state != "active":
        words = {"id": "Usaha ini tidak lagi ikut program.", "en": "This enterprise is no longer in the programme."}
        raise Invalid("/enterprise_id", f"enterprise-{enterprise.state}", words)
    return enterprise
