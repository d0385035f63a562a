"""The choice of a recipient: which letters that need not be written are wanted, in which language. The id is the recipient's.

Two things speak against such a letter: that its recipient opted out of them, here; or that a person does not consent to be
contacted, which enrollment says. Neither lifts the other.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import ClassVar

import mongoengine as me

from services.notifications.preferences.topics import TOPICS, Topic
from shared.domain.aggregate import Aggregate
from shared.kernel.principal import Principal
from shared.storage.row_scope import Scope


class Preference(Aggregate):
    """With `opted_out_at` nothing is wanted, of whatever topic there will be."""

    meta: ClassVar[dict[str, object]] = {"collection": "preferences"}

    opted_out_at = me.DateTimeField()
    refuses_contact = me.BooleanField(required=True, default=False)
    refused = me.ListField(me.StringField())
    language = me.StringField()

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        """Return no scope for anybody: a choice is the recipient's own, who comes by a signed link."""
        del principal
        return None

    @property
    def refused_topics(self) -> frozenset[Topic]:
        return frozenset(topic for topic in TOPICS if self.opted_out_at is not None or topic in self.refused)

    def opt_out(self, now: datetime) -> None:
        self.opted_out_at = self.opted_out_at or now

    def choose(self, wanted: Collection[Topic], language: str | None, now: datetime) -> None:
        """Take what is wanted from now on, in which language; None for the one in the register."""
        self.refused = [topic for topic in TOPICS if topic not in wanted]
        self.opted_out_at = None if wanted else self.opted_out_at or now
        self.language = language
