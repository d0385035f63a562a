"""The parts of an enterprise: counts of persons, its contact, its screening, its commitment."""

from __future__ import annotations

from typing import NotRequired, Self, TypedDict
from uuid import UUID

import mongoengine as me

from services.enrollment.catalogue.model import ModuleVersion
from shared.contracts.events.enrollment import EnterpriseScreened
from shared.contracts.values import DeliveryMode, Headcount, Language, Module, PlannedModule, SizeClass
from shared.kernel import ids


class GivenPersons(TypedDict):
    """A count of persons by sex, as a caller gives it."""

    women: int
    men: int


class GivenContact(TypedDict):
    """The person who answers for an enterprise, as a caller gives it."""

    name: str
    email: NotRequired[str]
    phone: NotRequired[str]
    address: NotRequired[str]
    language: NotRequired[Language]


def journey_id_of(enterprise_id: UUID, module: str) -> UUID:
    return ids.derived("journey", enterprise_id, module)


class EnterpriseData(TypedDict):
    """What the events that describe an enterprise have in common."""

    enterprise_id: UUID
    province: str
    sector: str
    kbli: str | None
    size_class: SizeClass | None
    headcount: Headcount
    provider_id: UUID
    delivery_mode: DeliveryMode


class PlannedModules(TypedDict):
    """What graduating and losing it again have in common."""

    enterprise_id: UUID
    provider_id: UUID
    modules: tuple[Module, ...]


class Persons(me.EmbeddedDocument):  # type: ignore[misc]
    """A count of persons by sex."""

    women = me.IntField(required=True, default=0)
    men = me.IntField(required=True, default=0)

    def counted(self) -> Headcount:
        return Headcount(women=self.women, men=self.men)


class Contact(me.EmbeddedDocument):  # type: ignore[misc]
    """The person who answers for an enterprise. Many people have one name only. Forgotten, only the language stays."""

    name = me.StringField()
    email = me.StringField()
    phone = me.StringField()
    address = me.StringField()
    language = me.StringField(required=True, default="id")


class Screening(me.EmbeddedDocument):  # type: ignore[misc]
    """`reasons` speak against the enterprise; `override` says why it takes part all the same."""

    screened_on = me.DateField(required=True)
    reasons = me.ListField(me.StringField())
    override = me.StringField()

    @property
    def result(self) -> str:
        return "override" if self.override else "ineligible" if self.reasons else "eligible"

    def said(self, enterprise_id: UUID, provider_id: UUID) -> EnterpriseScreened:
        """Return what others are told; what speaks against an enterprise that takes part all the same concerns nobody else."""
        eligible = self.result != "ineligible"
        return EnterpriseScreened(
            enterprise_id=enterprise_id,
            provider_id=provider_id,
            eligible=eligible,
            reasons=() if eligible else tuple(self.reasons),
            screened_on=self.screened_on,
        )


class Planned(me.EmbeddedDocument):  # type: ignore[misc]
    """A module of the plan, in the version that was agreed on."""

    module = me.StringField(required=True)
    module_version = me.IntField(required=True)
    journey_id = me.UUIDField(required=True, binary=True)

    @classmethod
    def of(cls, enterprise_id: UUID, version: ModuleVersion) -> Self:
        return cls(
            module=version.module,
            module_version=version.number,
            journey_id=journey_id_of(enterprise_id, version.module),
        )

    def said(self) -> PlannedModule:
        return PlannedModule(module=self.module, module_version=self.module_version, journey_id=self.journey_id)


class Commitment(me.EmbeddedDocument):  # type: ignore[misc]
    """The letter that the enterprise signed, and its share of the price where one was agreed."""

    signed_on = me.DateField(required=True)
    letter_id = me.UUIDField(binary=True)
    enterprise_share_percent = me.IntField()


class Withdrawal(me.EmbeddedDocument):  # type: ignore[misc]
    stage = me.StringField(required=True)
    reason = me.StringField(required=True)
    withdrawn_on = me.DateField(required=True)
