"""Listens to enrollment: its register of institutions, their names, its catalogue."""

from __future__ import annotations

from services.certification.catalogue import commands as catalogue_commands
from services.certification.partners import commands
from shared.contracts.envelope import Envelope
from shared.contracts.events.enrollment import (
    InstitutionRegistered,
    InstitutionRestored,
    InstitutionSuspended,
    ModuleVersionPublished,
)
from shared.messaging.subscriptions import ConsumerGroup

partners = ConsumerGroup("certification.partners")
names = ConsumerGroup("certification.names")


@partners.handles(InstitutionRegistered)
def keep_institution(event: InstitutionRegistered, _about: Envelope) -> None:
    commands.keep_partner(event.institution_id, kind=event.kind)


@partners.handles(InstitutionSuspended)
def keep_suspension(event: InstitutionSuspended, _about: Envelope) -> None:
    commands.keep_partner(event.institution_id, suspended=True)


@partners.handles(InstitutionRestored)
def keep_restoration(event: InstitutionRestored, _about: Envelope) -> None:
    commands.keep_partner(event.institution_id)


@partners.handles(ModuleVersionPublished)
def keep_module(event: ModuleVersionPublished, _about: Envelope) -> None:
    catalogue_commands.keep_module(event.module)


names.keeps_parties("enrollment", kinds=("institution",))
