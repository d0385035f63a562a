"""Finds the enterprises for which visits may be planned."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from services.consulting.catalogue.queries import module_codes
from services.consulting.enterprises.errors import UNKNOWN_ENTERPRISE, enterprise_gone, no_classroom
from services.consulting.enterprises.model import EnterpriseScope
from services.consulting.settings import consulting_settings
from shared.contracts.event import type_of
from shared.contracts.events.enrollment import EnterpriseRegistered, TrainingDelivered
from shared.domain.errors import Invalid
from shared.domain.not_known import refusal
from shared.domain.refusals import refuse_or_warn


def scope_of(enterprise_id: UUID) -> EnterpriseScope:
    """Return the row of an enterprise, a new one where no event told of it yet."""
    return EnterpriseScope.find(enterprise_id) or EnterpriseScope(id=enterprise_id)


def require_classroom(enterprise: EnterpriseScope, *, module: str, day: date) -> None:
    """Refuse the plan of a visit that would come before the classroom that it follows."""
    gate = consulting_settings().classroom_gate
    if gate == "off" or enterprise.had_classroom(module, day):
        return
    refuse_or_warn(gate, no_classroom(module), type_of(TrainingDelivered))


def may_be_visited(enterprise: EnterpriseScope) -> bool:
    """Say whether an enterprise had the classroom of any module, where that is asked for."""
    return bool(enterprise.classrooms) or consulting_settings().classroom_gate != "on"


def modules_of(enterprises: Sequence[EnterpriseScope]) -> list[str]:
    """Return the modules of which a visit may be planned in any of these enterprises."""
    if consulting_settings().classroom_gate != "on":
        return module_codes()
    had = {room.module for enterprise in enterprises for room in enterprise.classrooms}
    return [code for code in module_codes() if code in had]


def active_enterprise(enterprise_id: UUID) -> EnterpriseScope:
    """Return an enterprise of the caller's that visits may be planned for; refuses unknown and foreign ones alike, by the age of
    the id alone."""
    enterprise = EnterpriseScope.find(enterprise_id)
    if enterprise is None or enterprise.provider_id is None:
        raise refusal(EnterpriseRegistered, {"/enterprise_id": enterprise_id}, UNKNOWN_ENTERPRISE)
    if enterprise.state != "active":
        raise Invalid(errors=[enterprise_gone(enterprise.state).at("/enterprise_id")])
    return enterprise
