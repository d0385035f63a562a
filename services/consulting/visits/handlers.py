"""Keeps the names of enterprises, providers and trainers beside their ids."""

from __future__ import annotations

from shared.contracts.parties import Party, Tombstone
from shared.messaging.subscriptions import ConsumerGroup

names = ConsumerGroup("consulting.names")


@names.handles_party("enrollment", kinds=("enterprise", "institution"))
@names.handles_party("certification", kinds=("person",))
def know(_party: Party | Tombstone) -> None:
    """Do nothing more: the copy that the group keeps of every party is all that pages need, names beside ids."""
