"""The shapes of answers about journeys."""

from __future__ import annotations

from typing import get_args

from marshmallow import fields

from services.enrollment.journeys.labels import CODES, FIELDS, STATES
from shared.contracts import values
from shared.web.fields import Choice, Identifier, IsoDate, Worded
from shared.web.lists.views import AggregateView
from shared.web.schema import View


class ClassroomView(View):
    training_id = Identifier(required=True)
    delivered_on = IsoDate(required=True)
    required_visits = fields.Integer(required=True)
    delivery_mode = Choice(*get_args(values.DeliveryMode), required=True)


class CountedVisitView(View):
    visit_id = Identifier(required=True)
    visited_on = IsoDate(required=True)


class MissingView(View):
    """A part that completion still needs; `detail` says it in the caller's language."""

    part = Choice(*get_args(values.MissingPart), required=True)
    count = fields.Integer(required=True)
    detail = Worded(required=True)


class JourneyView(AggregateView):
    LABELS = FIELDS
    CODES = CODES

    enterprise_id = Identifier(required=True)
    module = fields.String(required=True)
    provider_id = Identifier(required=True)
    state = Choice(*STATES, required=True)
    classroom = fields.Nested(ClassroomView, allow_none=True)
    visits = fields.List(fields.Nested(CountedVisitView), attribute="counted", required=True)
    missing = fields.List(fields.Nested(MissingView), attribute="missing_parts", required=True)
    completed_on = IsoDate(allow_none=True)
    lapsed_on = IsoDate(allow_none=True)
