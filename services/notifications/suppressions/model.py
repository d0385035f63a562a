"""An address that a relay or the recipient's server refused for good, of one recipient.

The address itself is not kept, only its id: an address that is entered in its place has another, and is written to.
"""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

import mongoengine as me

from shared.contracts.events.notifications import AddressSuppressed
from shared.domain.aggregate import Aggregate
from shared.domain.lifecycle import Lifecycle, allow
from shared.kernel import ids
from shared.kernel.principal import Principal
from shared.storage.indexes import by_time, index
from shared.storage.row_scope import Scope, rows_for


class Suppression(Aggregate):
    meta: ClassVar[dict[str, object]] = {"collection": "suppressions"}
    INDEXES = (
        *by_time("institution_id"),
        index("address_id", sparse=True),
        index("recipient_id"),
        index("state", "created_at"),
    )
    LIFECYCLE = Lifecycle(
        "new",
        {
            "begin": allow("new", "lifted", "replaced", to="active"),
            "lift": allow("active", to="lifted"),
            "replace": allow("active", to="replaced"),
            "forget": allow("active", "lifted", "replaced", "forgotten", to="forgotten"),
        },
    )

    recipient_id = me.UUIDField(required=True, binary=True)
    address_id = me.UUIDField(binary=True)
    institution_id = me.UUIDField(binary=True)
    reason = me.StringField(required=True)
    state = me.StringField(required=True, default="new")

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        return rows_for(principal, provider="institution_id", finance="institution_id")

    @classmethod
    def id_for(cls, recipient_id: UUID, address_id: UUID) -> UUID:
        return ids.derived("suppression", recipient_id, address_id)

    def begin(self, reason: str) -> None:
        self.transition("begin")
        self.reason = reason
        self.record(AddressSuppressed(suppression_id=self.id, recipient_id=self.recipient_id, reason=reason))

    def lift(self) -> None:
        self.transition("lift")

    def replace(self) -> None:
        self.transition("replace")

    def forget_recipient(self) -> None:
        """Let go of which address it was; that there was one stays as a fact."""
        self.transition("forget")
        self.address_id = None
