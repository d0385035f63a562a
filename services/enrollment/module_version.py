"""A version of a module of the catalogue. The catalogue is data; journeys keep the version they began with."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import mongoengine as me

from services.enrollment.refusals import refused
from shared.contracts.enrollment import ModuleVersionPublished
from shared.runtime.context import Principal
from shared.storage.aggregate import Aggregate
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
    def current(cls, module: str) -> Self:
        """The newest version of a module; raises `Invalid` at `/module` where the catalogue has none."""
        versions = sorted(cls.objects(module=module), key=lambda version: version.number)
        if not versions:
            raise refused("/module", "unknown-module")
        newest: Self = versions[-1]
        return newest

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
