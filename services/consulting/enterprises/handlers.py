"""Listens to enrollment: whose an enterprise is, and which modules there are."""

from __future__ import annotations

from services.consulting.catalogue import commands as catalogue_commands
from services.consulting.enterprises import commands
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
from shared.messaging.subscriptions import Reactions

scope = Reactions("consulting.scope")


@scope.on(ModuleVersionPublished)
def keep_module(fact: ModuleVersionPublished, _about: Envelope) -> None:
    catalogue_commands.keep_module(fact.module)


@scope.on(EnterpriseRegistered)
def keep_enterprise(fact: EnterpriseRegistered, _about: Envelope) -> None:
    commands.keep_enterprise(fact.enterprise_id, provider_id=fact.provider_id, province=fact.province)


@scope.on(EnterpriseCorrected)
def correct_enterprise(fact: EnterpriseCorrected, _about: Envelope) -> None:
    commands.keep_enterprise(fact.enterprise_id, provider_id=fact.provider_id, province=fact.province)


@scope.on(EnterpriseProviderChanged)
def move_enterprise(fact: EnterpriseProviderChanged, _about: Envelope) -> None:
    visits_commands.move_enterprise(fact.enterprise_id, provider_id=fact.provider_id)


@scope.on(EnterpriseWithdrawn)
def withdraw_enterprise(fact: EnterpriseWithdrawn, _about: Envelope) -> None:
    visits_commands.withdraw_enterprise(fact.enterprise_id)


@scope.on(EnterprisesMerged)
def merge_enterprise(fact: EnterprisesMerged, _about: Envelope) -> None:
    commands.merge_enterprise(fact.merged_id, kept_id=fact.kept_id)
