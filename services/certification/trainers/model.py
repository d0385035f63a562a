"""A trainer in the register. Name and addresses are personal data and leave only as a party.

An erased trainer keeps an id, sex and kind: the register of certificates and the counts stay true (domain.md 10.7, rule 9).
"""

from __future__ import annotations

from typing import ClassVar

import mongoengine as me

from shared.contracts.events.certification import PersonErased, TrainerRegistered
from shared.contracts.parties import Party
from shared.contracts.wire.compacted import Tombstone
from shared.domain.aggregate import Aggregate
from shared.domain.lifecycle import Lifecycle, allow
from shared.kernel.principal import Principal
from shared.storage.indexes import by_time
from shared.storage.row_scope import Scope, rows_for


class Trainer(Aggregate):
    """One name field: many people have one name only."""

    meta: ClassVar[dict[str, object]] = {"collection": "trainers"}
    INDEXES = (*by_time("institution_id"),)
    LIFECYCLE = Lifecycle("active", {"erase": allow("active", to="erased")})

    name = me.StringField()
    sex = me.StringField(required=True)
    institution_id = me.UUIDField(binary=True)
    kind = me.StringField(required=True)
    email = me.StringField()
    phone = me.StringField()
    language = me.StringField(required=True, default="id")
    provinces = me.ListField(me.StringField())
    state = me.StringField(required=True, default="active")

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        return rows_for(principal, provider="institution_id", trainer="_id")

    def register(self) -> None:
        self.record(
            TrainerRegistered(trainer_id=self.id, sex=self.sex, institution_id=self.institution_id, kind=self.kind)
        )

    def erase(self) -> None:
        """Forget the person; the row stays for the register of certificates."""
        self.transition("erase")
        self.name = self.email = self.phone = None
        self.record(PersonErased(person_id=self.id))

    def forgotten(self) -> Tombstone:
        return Tombstone(key=self.id, version=self.version)

    def party(self) -> Party:
        return Party(
            party_id=self.id,
            version=self.version,
            kind="person",
            name=self.name,
            belongs_to=self.institution_id,
            roles=("contact", "trainer"),
            email=self.email,
            phone=self.phone,
            language=self.language,
            province=self.provinces[0] if self.provinces else None,
        )
