"""One indicator of an enterprise as it was read at an assessment or a visit; a correction is a new version of it.

The id is the natural key: what it was read at, the indicator, and the sex where it is read for women and men. What is told to
others is told by `ReadingReleased` alone: for aggregates once the enterprise committed itself, and to single viewers as the
enterprise released it. Wages of a few persons are told to nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar, Final
from uuid import UUID

import mongoengine as me

from services.consulting.enterprises.model import FollowsEnterprise
from services.consulting.readings.indicators import Indicator, indicators
from services.consulting.readings.rules import GivenReading, Taken, flag_of, value_of
from shared.contracts.events.consulting import ReadingReleased
from shared.contracts.values import Quantity, ReadingStage
from shared.contracts.values import Reading as ToldReading
from shared.domain.aggregate import Aggregate
from shared.kernel import ids
from shared.kernel.principal import Principal
from shared.storage.indexes import by_time, index
from shared.storage.row_scope import Scope

QUALITIES = ("measured", "estimated", "not_measured")
SOURCES = ("records", "counted", "told")
AGGREGATES: Final = "aggregates"
"""The audience of every reading of an enterprise that committed itself."""
VIEWERS: Final = ("ministry", "partner", "sponsor")
"""The roles to whose institutions an enterprise may release its readings."""


@dataclass(frozen=True, slots=True)
class TakenAt:
    """What a reading was taken at: an assessment or a visit, and whose rows those are."""

    source_id: UUID
    stage: ReadingStage
    enterprise_id: UUID
    provider_id: UUID
    trainer_id: UUID
    module: str | None
    taken_on: date


@dataclass(frozen=True, slots=True)
class Agreed:
    """To whom an enterprise's readings may be told: whether it committed itself, and the viewers that it named."""

    committed: bool
    viewers: tuple[UUID, ...]
    fewest_persons: int


class Figure(me.EmbeddedDocument):  # type: ignore[misc]
    """One version of a reading: what was entered, and what it comes to."""

    quality = me.StringField(required=True, choices=QUALITIES)
    unit = me.StringField(required=True)
    period = me.StringField(required=True)
    numerator = me.FloatField()
    denominator = me.FloatField()
    value = me.FloatField()
    flag = me.StringField()
    source = me.StringField()
    taken_on = me.DateField(required=True)
    entered_by = me.UUIDField(required=True, binary=True)
    entered_at = me.DateTimeField(required=True)

    @classmethod
    def of(cls, given: GivenReading, indicator: Indicator, taken_on: date, *, by: UUID, at: datetime) -> Figure:
        numerator, denominator = given.get("numerator"), given.get("denominator")
        value = value_of(indicator.unit, numerator, denominator)
        return cls(
            quality=given.get("quality"),
            unit=indicator.unit,
            period=given.get("period") or indicator.period,
            numerator=numerator,
            denominator=denominator,
            value=value,
            flag=flag_of(indicator, value),
            source=given.get("source"),
            taken_on=taken_on,
            entered_by=by,
            entered_at=at,
        )

    def says_the_same(self, other: Figure) -> bool:
        """Say whether another version would tell nothing new, whoever entered it."""
        names = ("quality", "unit", "period", "numerator", "denominator", "source", "taken_on")
        return all(getattr(self, name) == getattr(other, name) for name in names)


class Reading(FollowsEnterprise, Aggregate):
    """`earlier` holds the versions before a correction, the oldest first. What was read at a visit counts once its report is
    accepted."""

    meta: ClassVar[dict[str, object]] = {"collection": "readings"}
    INDEXES = (
        *by_time("provider_id", "trainer_id", "enterprise_id", "viewers"),
        index("source_id"),
        index("enterprise_id", "indicator"),
        index("indicator", "stage"),
    )

    source_id = me.UUIDField(required=True, binary=True)
    stage = me.StringField(required=True)
    module = me.StringField()
    indicator = me.StringField(required=True)
    sex = me.StringField()
    current = me.EmbeddedDocumentField(Figure, required=True)
    earlier = me.EmbeddedDocumentListField(Figure)
    counts = me.BooleanField(required=True, default=True)
    audiences = me.ListField(me.StringField())
    viewers = me.ListField(me.UUIDField(binary=True))
    told_version = me.IntField(required=True, default=0)
    revision = me.IntField(required=True, default=0)

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        if principal.role in VIEWERS and principal.institution:
            return {"viewers": principal.institution}
        return super().row_scope(principal)

    @staticmethod
    def id_of(source_id: UUID, indicator: str, sex: str | None) -> UUID:
        return ids.derived("reading", source_id, indicator, sex or "")

    @classmethod
    def first(cls, at: TakenAt, indicator: str, sex: str | None, figure: Figure, *, counts: bool) -> Reading:
        """Return a reading that nobody entered before."""
        return cls(
            id=cls.id_of(at.source_id, indicator, sex),
            enterprise_id=at.enterprise_id,
            provider_id=at.provider_id,
            trainer_id=at.trainer_id,
            source_id=at.source_id,
            stage=at.stage,
            module=at.module,
            indicator=indicator,
            sex=sex,
            counts=counts,
            current=figure,
        )

    @property
    def version_number(self) -> int:
        return len(self.earlier) + 1

    @property
    def taken(self) -> Taken:
        return Taken(self.current.value, self.current.unit, self.current.period)

    def correct(self, figure: Figure) -> bool:
        """Put a new version in place of the present one; false when it says the same."""
        if self.current.says_the_same(figure):
            return False
        self.earlier = [*self.earlier, self.current]
        self.current = figure
        return True

    def tell(self, agreed: Agreed) -> bool:
        """Say the reading to those who may hear it, or that it is taken back from them; false when nothing is new."""
        closed = not self.counts or is_withheld(self.indicator, self.current.denominator, agreed.fewest_persons)
        viewers = [] if closed else sorted(agreed.viewers)
        audiences = [AGGREGATES] if agreed.committed and not closed else []
        audiences += [audience_of(viewer) for viewer in viewers]
        news = audiences != list(self.audiences) or bool(audiences and self.told_version != self.version_number)
        if not news:
            return False
        self.audiences, self.viewers, self.told_version = audiences, viewers, self.version_number
        self.revision += 1
        self.record(
            ReadingReleased(
                source_id=self.id,
                stage=self.stage,
                enterprise_id=self.enterprise_id,
                module=self.module,
                reading=self._told() if audiences else self._told_nothing(),
                revision=self.revision,
                taken_on=self.current.taken_on,
                audiences=tuple(audiences),
            )
        )
        return True

    def _told(self) -> ToldReading:
        figure = self.current
        return ToldReading(
            indicator=self.indicator,
            quality=figure.quality,
            unit=figure.unit,
            period=figure.period,
            numerator=_quantity(figure.numerator),
            denominator=_quantity(figure.denominator),
            sex=self.sex,
        )

    def _told_nothing(self) -> ToldReading:
        """Return what takes a reading back from those who heard it."""
        figure = self.current
        return ToldReading(
            indicator=self.indicator, quality="not_measured", unit=figure.unit, period=figure.period, sex=self.sex
        )


def audience_of(viewer_id: UUID) -> str:
    """Return the audience that is one institution."""
    return f"institution:{viewer_id}"


def is_withheld(indicator: str, persons: float | None, fewest_persons: int) -> bool:
    """Say whether a reading would tell what a few persons earn."""
    return indicators()[indicator].wages and persons is not None and persons < fewest_persons


def _quantity(number: float | None) -> Quantity | None:
    return None if number is None else Quantity.of(Decimal(repr(number)).normalize())
