"""What consulting does by itself when other services say something."""

from __future__ import annotations

from services.consulting import commands
from shared.contracts.contacts import Erased, Party
from shared.contracts.enrollment import (
    EnterpriseCorrected,
    EnterpriseProviderChanged,
    EnterpriseRegistered,
    EnterprisesMerged,
    EnterpriseWithdrawn,
    ModuleVersionPublished,
)
from shared.contracts.envelope import Envelope
from shared.messaging.reactions import Reactions

scope = Reactions("consulting.scope")
names = Reactions("consulting.names")

REACTIONS = (scope, names)


@scope.on(ModuleVersionPublished)
def keep_module(fact: ModuleVersionPublished, _about: Envelope) -> None:
    commands.keep_module(fact.module)


@scope.on(EnterpriseRegistered)
def keep_enterprise(fact: EnterpriseRegistered, _about: Envelope) -> None:
    commands.keep_enterprise(fact.enterprise_id, provider_id=fact.provider_id, province=fact.province)


@scope.on(EnterpriseCorrected)
def correct_enterprise(fact: EnterpriseCorrected, _about: Envelope) -> None:
    commands.keep_enterprise(fact.enterprise_id, provider_id=fact.provider_id, province=fact.province)


@scope.on(EnterpriseProviderChanged)
def move_enterprise(fact: EnterpriseProviderChanged, _about: Envelope) -> None:
    commands.move_enterprise(fact.enterprise_id, provider_id=fact.provider_id)


@scope.on(EnterpriseWithdrawn)
def withdraw_enterprise(fact: EnterpriseWithdrawn, _about: Envelope) -> None:
    commands.withdraw_enterprise(fact.enterprise_id)


@scope.on(EnterprisesMerged)
def merge_enterprise(fact: EnterprisesMerged, _about: Envelope) -> None:
    commands.merge_enterprise(fact.merged_id, kept_id=fact.kept_id)


@names.on_party("enrollment")
@names.on_party("certification")
def know(_party: Party | Erased) -> None:
    """The copy that the group keeps of every party is all that pages need: names beside ids."""
