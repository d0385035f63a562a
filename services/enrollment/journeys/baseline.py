"""The copy of consulting's word that an enterprise was assessed before its first module, for the baseline gate."""

from __future__ import annotations

from typing import ClassVar

import mongoengine as me

from shared.domain.aggregate import StoredDocument
from shared.kernel.principal import Principal
from shared.storage.row_scope import Scope


class Baseline(StoredDocument):
    """The id is the enterprise's."""

    meta: ClassVar[dict[str, object]] = {"collection": "baselines"}

    assessed_on = me.DateField(required=True)

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        """Return no scope for anybody: only the gate reads it, and says no more than whether the event is there."""
        del principal
        return None
