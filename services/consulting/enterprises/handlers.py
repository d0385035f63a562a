"""Listens to enrollment: which provider an enterprise has, and which modules there are."""

from __future__ import annotations

from services.consulting.assessments import commands as assessments_commands
from services.consulting.catalogue import commands as catalogue_commands
from services.consulting.plans import commands as plans_commands
from services.consulting.visits import commands as visits_commands
from shared.contracts.envelope import Envelope
from shared.contracts.events.enrollment import (
    EnterpriseCorrected,
    EnterpriseProviderChanged,
    EnterpriseRegistered,
    EnterprisesMerged,
    EnterpriseWithdrawn,
    ModuleVersionPublished,
)
from shared.messaging.subscriptions import ConsumerGroup

scope = ConsumerGroup("consulting.scope")


@scope.handles(ModuleVersionPublished)
def keep_module(event: ModuleVersionPublished, _about: Envelope) -> None:
    catalogue_commands.keep_module(event.module)


@scope.handles(EnterpriseRegistered)
def keep_enterprise(event: EnterpriseRegistered, _about: Envelope) -> None:
    visits_commands.keep_enterprise(event.enterprise_id, provider_id=event.provider_id, province=event.province)


@scope.handles(EnterpriseCorrected)
def correct_enterprise(event: EnterpriseCorrected, _about: Envelope) -> None:
    visits_commands.keep_enterprise(event.enterprise_id, provider_id=event.provider_id, province=event.province)


@scope.handles(EnterpriseProviderChanged)
def move_enterprise(event: EnterpriseProviderChanged, _about: Envelope) -> None:
    visits_commands.move_enterprise(event.enterprise_id, provider_id=event.provider_id)
    assessments_commands.move_enterprise(event.enterprise_id, provider_id=event.provider_id)
    plans_commands.move_enterprise(event.enterprise_id, provider_id=event.provider_id)


@scope.handles(EnterpriseWithdrawn)
def withdraw_enterprise(event: EnterpriseWithdrawn, _about: Envelope) -> None:
    visits_commands.withdraw_enterprise(event.enterprise_id)


@scope.handles(EnterprisesMerged)
def merge_enterprise(event: EnterprisesMerged, _about: Envelope) -> None:
    visits_commands.merge_enterprise(event.merged_id, kept_id=event.kept_id)
