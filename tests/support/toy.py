"""A service as small as a service can be: partners that say when they are registered and suspended.

It speaks with the voice of enrollment, since events belong to contracts, and has a database of its own.
"""

from __future__ import annotations

import time
from typing import Any, ClassVar
from uuid import UUID

import mongoengine as me

from shared.contracts.envelope import Envelope
from shared.contracts.events.enrollment import InstitutionRegistered, InstitutionSuspended
from shared.domain.aggregate import Aggregate, StoredDocument
from shared.kernel import ids
from shared.kernel.principal import Principal
from shared.kernel.service import Service
from shared.messaging.subscriptions import ConsumerGroup
from shared.storage import connection
from shared.storage.indexes import index
from shared.storage.transaction import transactional

TOPIC = "score.enrollment"


class Partner(Aggregate):
    meta: ClassVar[dict[str, Any]] = {"collection": "partners"}
    INDEXES = (index("provider"), index("note"))

    provider = me.UUIDField(binary=True)
    note = me.StringField(default="")

    @classmethod
    def row_scope(cls, principal: Principal) -> dict[str, Any] | None:
        if principal.role == "programme":
            return {}
        return {"provider": principal.institution} if principal.institution else None


class Effect(StoredDocument):
    """One row for each handler that ran."""

    meta: ClassVar[dict[str, Any]] = {"collection": "effects"}
    INDEXES = (index("key"),)

    key = me.UUIDField(binary=True)
    sequence = me.IntField()
    what = me.StringField()


@transactional
def register(partner_id: UUID | None = None, *, provider: UUID | None = None) -> Partner:
    partner = Partner(id=partner_id or ids.new(), provider=provider)
    partner.record(InstitutionRegistered(institution_id=partner.id, kind="private_provider", province="ID-JB"))
    return partner.save()


@transactional
def suspend(partner_id: UUID, reason: str = "audit") -> Partner:
    partner = Partner.get(partner_id)
    partner.record(InstitutionSuspended(institution_id=partner_id, reason=reason))
    return partner.save()


@transactional
def annotate(partner_id: UUID, note: str) -> Partner:
    partner = Partner.get(partner_id)
    partner.note = note
    return partner.save()


def note_effect(key: UUID, sequence: int, what: str) -> None:
    row = {"_id": ids.new(), "key": key, "sequence": sequence, "what": what, "at": time.monotonic_ns()}
    connection.database()["effects"].insert_one(row)  # ids of one millisecond have no order


def effects(what: str = "") -> list[tuple[UUID, int]]:
    """The key and sequence of each effect, in the order in which they were made."""
    rows = connection.database()["effects"].find({"what": what} if what else {})
    return [(row["key"], row["sequence"]) for row in sorted(rows, key=lambda row: row["at"])]


def recording(group: str, **options: Any) -> ConsumerGroup:
    """A group that notes an effect for each event that it hears."""
    consumer_group = ConsumerGroup(group, **options)

    def note(event: InstitutionRegistered | InstitutionSuspended, about: Envelope) -> None:
        note_effect(event.institution_id, about.sequence, group)

    consumer_group.handles(InstitutionRegistered)(note)
    consumer_group.handles(InstitutionSuspended)(note)
    return consumer_group


class ToyService(Service):
    @property
    def documents(self) -> tuple[Any, ...]:
        return (Partner, Effect)

    @property
    def event_topic(self) -> str:
        return TOPIC


SERVICE = ToyService(name="toy", title="Toy", port=0, metrics_port=0)
