"""Keeps the names of enterprises, providers and trainers beside their ids."""

from __future__ import annotations

from shared.contracts.parties import Party, Tombstone
from shared.messaging.subscriptions import ConsumerGroup

names = ConsumerGroup("consulting.names")


@names.handles_party("enrollment")
@names.handles_party("certification")
def know(_party: Party | Tombstone) -> None:
    """Do nothing more: the copy that the group keeps of every party is all that pages need, names beside ids."""
