"""Listens to the owners of addresses."""

from __future__ import annotations

from services.notifications.recipients import commands
from shared.contracts.parties import Party, Tombstone
from shared.messaging.subscriptions import ConsumerGroup

addresses = ConsumerGroup("notifications.addresses")


def address_waiting(party: Party | Tombstone) -> None:
    commands.address_waiting(party.party_id)


for owner in ("enrollment", "certification", "finance"):
    addresses.handles_party(owner, addresses=True)(address_waiting)
