"""Requires what must have happened elsewhere or before, judged on the local copy. Each gate is a setting `on | warn | off`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from services.enrollment.catalogue.model import ModuleVersion
from services.enrollment.catalogue.plans import FIRST_MODULE
from services.enrollment.enterprises.errors import step_skipped
from services.enrollment.enterprises.model import GONE, Enterprise
from services.enrollment.errors import refused
from services.enrollment.journeys.queries import assessed_among, completed_among, had_classroom
from services.enrollment.settings import enrollment_settings
from services.enrollment.trainers.lead import Lead
from services.enrollment.trainers.queries import uncovered_days
from services.enrollment.trainings.errors import COMPLETED_ALREADY
from services.enrollment.trainings.model import Training
from shared.contracts.event import type_of
from shared.contracts.events.consulting import BaselineAssessed
from shared.domain.errors import GateClosed, NotAllowedNow
from shared.domain.refusals import refuse_or_warn
from shared.domain.trainers import require_nameable
from shared.kernel.message import Message

SEATABLE = ("enrolled", "graduated")


def require_named(lead: Lead, assisting: Sequence[UUID], provider_id: UUID, days: Sequence[date]) -> None:
    """Require that the plan of a provider may name these trainers for these days."""
    named = {f"/co_trainer_ids/{number}": trainer for number, trainer in enumerate(assisting)}
    named["/lead_trainer_id"] = lead.trainer_id
    if lead.supervisor_id:
        named["/supervisor_id"] = lead.supervisor_id
    require_nameable(named, provider_id=provider_id, module=lead.module, days=(min(days), max(days)))


def require_entitlement(lead: Lead, days: list[date]) -> None:
    gate = enrollment_settings().entitlement_gate
    if gate == "off" or not uncovered_days(lead, days):
        return
    module = lead.module
    words = Message(
        "The lead trainer holds no certificate for %(module)s that is valid on every day of the training. Choose other days or"
        " another lead trainer.",
        {"module": module},
    )
    if lead.supervisor_id:
        words = Message(
            "The lead trainer may not lead %(module)s under this supervisor on every day of the training. Choose other"
            " days, another lead trainer or another supervisor.",
            {"module": module},
        )
    refuse_or_warn(gate, GateClosed(type_of(lead.needed), words), type_of(lead.needed))


def require_baselines(training: Training) -> None:
    """Require that enterprises were assessed before their first module (domain.md 1.2)."""
    gate = enrollment_settings().baseline_gate
    if gate == "off" or training.module != FIRST_MODULE:
        return
    assessed = assessed_among(roster.enterprise_id for roster in training.rosters)
    if any(roster.enterprise_id not in assessed for roster in training.rosters):
        words = Message("Not every enterprise of this training has had its baseline assessment. Assess them first.")
        refuse_or_warn(gate, GateClosed(type_of(BaselineAssessed), words), type_of(BaselineAssessed))


def require_commitment(enterprise: Enterprise) -> None:
    """Require a signed commitment and an agreed plan before any seat; an enterprise that left never gets one."""
    gate = enrollment_settings().commitment_gate
    if enterprise.state in SEATABLE or (gate == "off" and enterprise.state not in GONE):
        return
    # an enrolled enterprise can graduate: what it skips on its way there, it skips on its way to a seat
    skipped = step_skipped("seat", enterprise.state, enterprise.LIFECYCLE.skipped(enterprise.state, "graduate"))
    if skipped is not None:
        refuse_or_warn(gate, skipped, "enrolled")
        return
    words = Message("This enterprise is no longer in the programme. Choose another one.")
    raise NotAllowedNow(words, verb="seat", state=enterprise.state, allowed_from=SEATABLE)


def require_uncompleted(enterprise: Enterprise, module: str) -> None:
    """Ask before an enterprise that completed a module has seats in it once more."""
    if completed_among([enterprise.id], module):
        raise refused("/again", COMPLETED_ALREADY)


def require_prerequisites(enterprise: Enterprise, training: Training) -> None:
    """Require the classrooms of the modules before it, completed or not (domain.md 10.7, rule 2)."""
    gate = enrollment_settings().prerequisite_gate
    if gate == "off":
        return
    version = ModuleVersion.find(ModuleVersion.id_of(training.module, training.module_version))
    missing = [
        module for module in (version.prerequisites if version else []) if not had_classroom(enterprise.id, module)
    ]
    if missing:
        before = ", ".join(missing)
        words = Message(
            "This enterprise has to attend a training in %(modules)s first. Give it seats in that one.",
            {"modules": before},
        )
        refuse_or_warn(gate, NotAllowedNow(words, verb="seat", state=f"without {before}"), before)
