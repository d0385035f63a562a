"""A version of a module of the catalogue. The catalogue is data; journeys keep the version they began with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar, Self

import mongoengine as me

from services.enrollment.errors import refused
from shared.contracts.events.enrollment import ModuleVersionPublished
from shared.domain.aggregate import Aggregate
from shared.kernel import clock
from shared.kernel.principal import Principal
from shared.reference.zones import WIB
from shared.storage.indexes import index, unique


class ModuleVersion(Aggregate):
    meta: ClassVar[dict[str, Any]] = {"collection": "module_versions"}
    INDEXES = (unique("module", "number"), index("created_at"))

    module = me.StringField(required=True)
    number = me.IntField(required=True)
    names = me.DictField(required=True)
    classroom_days = me.IntField(required=True)
    required_visits = me.IntField(required=True)
    prerequisites = me.ListField(me.StringField())
    valid_from = me.DateField(required=True)

    @classmethod
    def row_scope(cls, principal: Principal) -> dict[str, Any] | None:
        del principal
        return {}

    @classmethod
    def of(cls, module: str) -> list[Self]:
        """Every version of a module, oldest first."""
        return sorted(cls.objects(module=module), key=lambda version: version.number)

    @classmethod
    def current(cls, module: str, on: date | None = None) -> Self:
        """The newest version that is valid on a day; raises `Invalid` at `/module` where the catalogue has none."""
        day = on or clock.today(WIB)
        valid = [version for version in cls.of(module) if version.valid_from <= day]
        if not valid:
            raise refused("/module", "unknown-module")
        return valid[-1]

    def follow(self, earlier: Sequence[ModuleVersion]) -> None:
        """Refuses a number that leaves a gap, and a first day before that of the version it follows."""
        if self.number != len(earlier) + 1:
            raise refused("/number", "version-gap")
        if earlier and self.valid_from < earlier[-1].valid_from:
            raise refused("/valid_from", "version-earlier")

    def differs(self, **described: Any) -> bool:
        """Whether something else is said than this version holds."""
        return any(getattr(self, name) != value for name, value in described.items())

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
