"""An enterprise in the programme. Its contact is personal data and leaves only as a party."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

import mongoengine as me

from shared.contracts.contacts import Party
from shared.contracts.enrollment import EnterpriseRegistered
from shared.contracts.values import Headcount
from shared.runtime.context import Principal
from shared.storage.aggregate import Aggregate
from shared.storage.indexes import index
from shared.storage.scope import rows_for


class Persons(me.EmbeddedDocument):  # type: ignore[misc]
    """A count of persons by sex."""

    women = me.IntField(required=True, default=0)
    men = me.IntField(required=True, default=0)

    def counted(self) -> Headcount:
        return Headcount(women=self.women, men=self.men)


class Contact(me.EmbeddedDocument):  # type: ignore[misc]
    """Who answers for an enterprise. One name field: many people have one name only."""

    name = me.StringField(required=True)
    email = me.StringField()
    phone = me.StringField()
    language = me.StringField(required=True, default="id")


class Enterprise(Aggregate):
    meta: ClassVar[dict[str, Any]] = {"collection": "enterprises"}
    INDEXES = (index("provider_id", "created_at"), index("created_at"), index("trainer_ids"))

    name = me.StringField(required=True)
    legal_form = me.StringField(required=True)
    province = me.StringField(required=True)
    place = me.StringField()
    sector = me.StringField(required=True)
    kbli = me.StringField()
    size_class = me.StringField()
    headcount = me.EmbeddedDocumentField(Persons, required=True)
    contact = me.EmbeddedDocumentField(Contact, required=True)
    provider_id = me.UUIDField(required=True, binary=True)
    delivery_mode = me.StringField(required=True)
    trainer_ids = me.ListField(me.UUIDField(binary=True))
    state = me.StringField(required=True, default="registered")

    @classmethod
    def row_scope(cls, principal: Principal) -> dict[str, Any] | None:
        return rows_for(principal, provider="provider_id", trainer="trainer_ids", enterprise="_id")

    def register(self) -> None:
        self.record(
            EnterpriseRegistered(
                enterprise_id=self.id,
                province=self.province,
                sector=self.sector,
                kbli=self.kbli,
                size_class=self.size_class,
                headcount=self.headcount.counted(),
                provider_id=self.provider_id,
                delivery_mode=self.delivery_mode,
            )
        )

    def assign(self, trainer_ids: list[UUID]) -> bool:
        """Let these trainers see the enterprise; true when one of them is new."""
        new = [trainer for trainer in trainer_ids if trainer not in self.trainer_ids]
        self.trainer_ids = [*self.trainer_ids, *new]
        return bool(new)

    def party(self) -> Party:
        return Party(
            party_id=self.id,
            version=self.version,
            kind="enterprise",
            name=f"{self.legal_form} {self.name}",
            belongs_to=self.provider_id,
            roles=("contact", "billing"),
            email=self.contact.email,
            phone=self.contact.phone,
            language=self.contact.language,
            province=self.province,
        )
