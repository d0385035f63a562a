"""The shapes of requests and answers about readings."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import fields

from services.consulting.readings.indicators import PERIODS
from services.consulting.readings.labels import BETTER, FIELDS, FLAGS, STAGES
from services.consulting.readings.model import QUALITIES, SOURCES
from services.consulting.readings.queries import LATER_STAGES, require_viewer
from services.consulting.readings.rules import require_readings
from shared.reference.sexes import SEXES
from shared.web.fields import Choice, Code, Identifier, IsoDate, LocalizedView, Moment, Real
from shared.web.lists.views import AggregateView
from shared.web.schema import Decimals, Length, Range, Schema, View

LARGEST: Final = 1_000_000_000_000
DECIMALS: Final = 3  # with which the largest number stays exact on every reader's side
MOST_READINGS: Final = 60


class GivenReading(Schema):
    LABELS = FIELDS

    indicator = Code(required=True)
    sex = Choice(*SEXES)
    quality = Choice(*QUALITIES)
    numerator = Real(validate=[Range(min=-LARGEST, max=LARGEST), Decimals(DECIMALS)])
    denominator = Real(validate=[Range(min=0, max=LARGEST), Decimals(DECIMALS)])
    period = Choice(*PERIODS)
    source = Choice(*SOURCES)


def given_readings() -> fields.List[Any]:
    """Return the field of a request that holds readings."""
    return fields.List(fields.Nested(GivenReading), validate=Length(max=MOST_READINGS))


class EnterReadings(Schema):
    CHECKS = ((require_readings, "readings"),)

    readings = fields.List(fields.Nested(GivenReading), required=True, validate=Length(min=1, max=MOST_READINGS))


class VersionView(View):
    quality = Choice(*QUALITIES, required=True)
    unit = fields.String(required=True)
    period = Choice(*PERIODS, required=True)
    numerator = fields.Float(allow_none=True)
    denominator = fields.Float(allow_none=True)
    value = fields.Float(allow_none=True)
    flag = Choice(*FLAGS, allow_none=True)
    source = Choice(*SOURCES, allow_none=True)
    taken_on = IsoDate(required=True)
    entered_at = Moment(required=True)


class ReadingView(AggregateView):
    LABELS = FIELDS

    enterprise_id = Identifier(required=True)
    provider_id = Identifier(required=True)
    trainer_id = Identifier(required=True)
    source_id = Identifier(required=True)
    stage = Choice(*STAGES, required=True)
    module = fields.String(allow_none=True)
    indicator = fields.String(required=True)
    sex = Choice(*SEXES, allow_none=True)
    counts = fields.Boolean(required=True)
    current = fields.Nested(VersionView, required=True)
    earlier = fields.List(fields.Nested(VersionView), required=True)


class ReadingsView(View):
    items = fields.List(fields.Nested(ReadingView), required=True)


class IndicatorView(View):
    code = fields.String(required=True)
    name = fields.Nested(LocalizedView, required=True)
    numerator = fields.Nested(LocalizedView, required=True)
    denominator = fields.Nested(LocalizedView, allow_none=True)
    unit = fields.String(required=True)
    period = Choice(*PERIODS, required=True)
    better = Choice(*BETTER, required=True)
    lowest = fields.Float(required=True)
    highest = fields.Float(required=True)
    first = fields.Boolean(required=True)
    by_sex = fields.Boolean(required=True)
    entered = fields.Boolean(required=True)


class IndicatorsView(View):
    items = fields.List(fields.Nested(IndicatorView), required=True)


class AskChanges(Schema):
    stage = Choice(*LATER_STAGES, load_default="endline")


class SummaryView(View):
    indicator = fields.String(attribute="indicator.code", required=True)
    sex = Choice(*SEXES, allow_none=True)
    asked = fields.Integer(allow_none=True)
    enterprises = fields.Integer(allow_none=True)
    response_percent = fields.Float(allow_none=True)
    mean_change_percent = fields.Float(allow_none=True)
    improved_percent = fields.Float(allow_none=True)


class ChangesView(View):
    stage = Choice(*LATER_STAGES, required=True)
    fewest = fields.Integer(required=True)
    items = fields.List(fields.Nested(SummaryView), required=True)


class ReleaseReadings(Schema):
    LABELS = FIELDS
    CHECKS = ((require_viewer, "viewer_id"),)

    viewer_id = Identifier(required=True)


class ReleaseView(View):
    viewer_id = Identifier(required=True)
    role = fields.String(required=True)
    released_at = Moment(required=True)
    withdrawn_at = Moment(allow_none=True)


class ReleasesView(View):
    enterprise_id = Identifier(attribute="id", required=True)
    committed = fields.Boolean(required=True)
    releases = fields.List(fields.Nested(ReleaseView), required=True)
