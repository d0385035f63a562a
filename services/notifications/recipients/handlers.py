"""Listens to the owners of addresses, those of people and those of places."""

from __future__ import annotations

from uuid import UUID

from services.notifications.recipients import commands
from shared.contracts.parties import Party
from shared.contracts.reference import VENUE
from shared.contracts.wire.compacted import Tombstone
from shared.messaging.subscriptions import ConsumerGroup

addresses = ConsumerGroup("notifications.addresses")


def address_waiting(party: Party | Tombstone) -> None:
    commands.address_waiting(party.key)


@addresses.erases
def forget_recipient(person_id: UUID) -> None:
    commands.forget_recipient(person_id)


addresses.keeps_reference("enrollment", kinds=(VENUE,))
for owner in ("enrollment", "certification", "finance"):
    addresses.handles_party(owner, addresses=True)(address_waiting)
