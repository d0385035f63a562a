"""The freshness of the figures: how current they are.

A timer of the worker looks whether the group that keeps the rows stands at the end of its topics with nothing parked, and
notes the moment. `lag_seconds` is 0 while such a moment was just now, else the time since the last one: nobody can say then
what the figures lack. It is null before the first one. With several workers the one that holds the timers looks at its own
partitions. What another service has not sent yet is not known here.
"""

from __future__ import annotations

from typing import ClassVar

import mongoengine as me

from shared.domain.aggregate import StoredDocument
from shared.kernel.principal import Principal
from shared.storage.row_scope import Scope


class Standing(StoredDocument):
    """The one row that says when everything sent had last been counted."""

    meta: ClassVar[dict[str, object]] = {"collection": "standing"}

    caught_up_at = me.DateTimeField(required=True)

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        del principal
        return {}
