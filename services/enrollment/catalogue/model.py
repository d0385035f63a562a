"""A version of a module of the catalogue. The catalogue is data; journeys keep the version they began with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import ClassVar, TypedDict
from uuid import UUID

import mongoengine as me

from services.enrollment.catalogue.errors import VERSION_EARLIER, VERSION_GAP
from services.enrollment.errors import refused
from shared.contracts.events.enrollment import ModuleVersionPublished
from shared.contracts.reference import ModuleTitle
from shared.domain.aggregate import Aggregate
from shared.domain.refusals import Refusals
from shared.kernel import ids
from shared.kernel.principal import Principal
from shared.storage.indexes import by_time, unique
from shared.storage.row_scope import Scope


class ModuleContent(TypedDict):
    """The content of a module's version, as a caller gives it."""

    names: Mapping[str, str]
    classroom_days: int
    required_visits: int
    prerequisites: Sequence[str]
    valid_from: date


class ModuleVersion(Aggregate):
    meta: ClassVar[dict[str, object]] = {"collection": "module_versions"}
    INDEXES = (
        *by_time(),
        unique("module", "number"),
    )

    module = me.StringField(required=True)
    number = me.IntField(required=True)
    names = me.DictField(required=True)
    classroom_days = me.IntField(required=True)
    required_visits = me.IntField(required=True)
    prerequisites = me.ListField(me.StringField())
    valid_from = me.DateField(required=True)

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        del principal
        return {}

    @staticmethod
    def id_of(module: str, number: int) -> UUID:
        return ids.derived("module", module, number)

    def follow(self, earlier: Sequence[ModuleVersion]) -> None:
        """Refuse a number that leaves a gap, and a first day before that of the version it follows."""
        faults = Refusals()
        with faults.gather():
            if self.number != len(earlier) + 1:
                raise refused("/number", VERSION_GAP)
        with faults.gather():
            if earlier and self.valid_from < earlier[-1].valid_from:
                raise refused("/valid_from", VERSION_EARLIER)
        faults.end()

    def holds(self, content: ModuleContent) -> bool:
        """Return whether the version holds this content already."""
        return bool(
            self.names == content["names"]
            and self.classroom_days == content["classroom_days"]
            and self.required_visits == content["required_visits"]
            and self.prerequisites == content["prerequisites"]
            and self.valid_from == content["valid_from"]
        )

    def title(self) -> ModuleTitle:
        """Return what others show of it, at its present version."""
        return ModuleTitle(
            module_version_id=self.id,
            version=self.version,
            module=self.module,
            module_version=self.number,
            title_in_indonesian=self.names["id"],
            title_in_english=self.names.get("en"),
        )

    def publish(self) -> None:
        self.record(
            ModuleVersionPublished(
                module_version_id=self.id,
                module=self.module,
                module_version=self.number,
                classroom_days=self.classroom_days,
                required_visits=self.required_visits,
                prerequisites=tuple(self.prerequisites),
                valid_from=self.valid_from,
            )
        )
