"""The provider of an enterprise and the classrooms that it attended, as enrollment said: the local copy that decides who sees
and plans its visits, and which visits are required. Beside it, to whom the enterprise released its readings.

The id is the enterprise's. Every planning of a visit and every change of provider writes this row, so that the store
makes them wait for each other: no visit is left with a provider who lost the enterprise, no two get one number.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

import mongoengine as me

from shared.domain.aggregate import StoredDocument
from shared.kernel.principal import Principal
from shared.storage.indexes import index
from shared.storage.row_scope import Scope, rows_for


class AttendedClassroom(me.EmbeddedDocument):  # type: ignore[misc]
    """A delivered training that the enterprise attended and that stands."""

    training_id = me.UUIDField(required=True, binary=True)
    module = me.StringField(required=True)
    delivered_on = me.DateField(required=True)
    required_visits = me.IntField(required=True)
    lead_trainer_id = me.UUIDField(required=True, binary=True)
    provider_id = me.UUIDField(required=True, binary=True)


class Release(me.EmbeddedDocument):  # type: ignore[misc]
    """An institution to which the enterprise released its readings, until it took that back; `role` is who entered it."""

    viewer_id = me.UUIDField(required=True, binary=True)
    role = me.StringField(required=True)
    released_at = me.DateTimeField(required=True)
    withdrawn_at = me.DateTimeField()


class FollowsEnterprise:
    """What a document has that a trainer makes for an enterprise. `left` says that the enterprise moved to another provider
    since: that trainer no longer sees the row."""

    enterprise_id = me.UUIDField(required=True, binary=True)
    provider_id = me.UUIDField(required=True, binary=True)
    trainer_id = me.UUIDField(required=True, binary=True)
    left = me.BooleanField(required=True, default=False)

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        scope = rows_for(principal, provider="provider_id", trainer="trainer_id", enterprise="enterprise_id")
        return {**scope, "left": {"$ne": True}} if scope and principal.role == "trainer" else scope

    def give_to(self, trainer_id: UUID) -> None:
        """Give the row to another trainer."""
        self.trainer_id, self.left = trainer_id, False

    def leave(self, provider_id: UUID) -> None:
        """Follow the enterprise to another provider."""
        self.provider_id, self.left = provider_id, True


class EnterpriseScope(StoredDocument):
    """`committed` says that it signed its commitment, by which its readings are counted in aggregates."""

    meta: ClassVar[dict[str, object]] = {"collection": "enterprise_scopes"}
    INDEXES = (index("provider_id"),)

    provider_id = me.UUIDField(binary=True)
    province = me.StringField()
    state = me.StringField(required=True, default="active", choices=("active", "withdrawn", "merged"))
    merged_into = me.UUIDField(binary=True)
    plannings = me.IntField(required=True, default=0)
    classrooms = me.EmbeddedDocumentListField(AttendedClassroom)
    committed = me.BooleanField(required=True, default=False)
    releases = me.EmbeddedDocumentListField(Release)

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        return rows_for(principal, provider="provider_id", enterprise="_id")

    def classroom_of(self, module: str) -> AttendedClassroom | None:
        """Return the classroom that counts for a module: the latest that stands."""
        attended = (room for room in self.classrooms if room.module == module)
        return max(attended, key=lambda room: (room.delivered_on, room.training_id), default=None)

    def had_classroom(self, module: str, by: date) -> bool:
        """Say whether a classroom of a module that stands had been delivered by a day."""
        return any(room.module == module and room.delivered_on <= by for room in self.classrooms)

    def attend(self, classroom: AttendedClassroom) -> None:
        self.lose_classroom(classroom.training_id)
        self.classrooms = sorted([*self.classrooms, classroom], key=lambda room: room.training_id)

    def lose_classroom(self, training_id: UUID) -> None:
        self.classrooms = [room for room in self.classrooms if room.training_id != training_id]

    def viewers(self) -> list[UUID]:
        """Return the institutions to which its readings are released."""
        return [release.viewer_id for release in self.releases if release.withdrawn_at is None]

    def release_to(self, viewer_id: UUID, role: str, at: datetime) -> bool:
        """Release the readings to an institution, as somebody with a role says; false when they are already."""
        if viewer_id in self.viewers():
            return False
        self.releases = [*self.releases, Release(viewer_id=viewer_id, role=role, released_at=at)]
        return True

    def withdraw_release(self, viewer_id: UUID, at: datetime) -> bool:
        """Take the release to an institution back; false when there is none."""
        live = [release for release in self.releases if release.viewer_id == viewer_id and release.withdrawn_at is None]
        for release in live:
            release.withdrawn_at = at
        return bool(live)
