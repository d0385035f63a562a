"""A claim that is handed over: the relay is being told the text of its letter, and it is not stored yet what it said.

A row has its claim's id, which the store takes once. So whoever comes first decides: the sender, that it tells the text now;
or who takes the letter back from it, that it must not. Nothing with an index is changed for it: on every store that is
the cheapest thing that can be stored.
"""

from __future__ import annotations

from typing import ClassVar

import mongoengine as me

from shared.domain.aggregate import StoredDocument
from shared.kernel.principal import Principal
from shared.storage.row_scope import Scope


class Handover(StoredDocument):
    """A claim that was handed over, or taken back from its sender before that."""

    meta: ClassVar[dict[str, object]] = {"collection": "handovers"}

    at = me.DateTimeField(required=True)
    taken_back = me.BooleanField(required=True, default=False)

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        """Return no scope for anybody: who may see the letter is told its state."""
        del principal
        return None
