"""Keeps the names of enterprises, providers and trainers beside their ids."""

from __future__ import annotations

from shared.contracts.parties import Erased, Party
from shared.messaging.subscriptions import Reactions

names = Reactions("consulting.names")


@names.on_party("enrollment")
@names.on_party("certification")
def know(_party: Party | Erased) -> None:
    """The copy that the group keeps of every party is all that pages need: names beside ids."""
