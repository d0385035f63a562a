"""The shapes of requests and answers about classrooms, rosters, delivery and journeys."""

from __future__ import annotations

from typing import get_args

from marshmallow import Schema, fields, validate

from services.enrollment.enterprise_schemas import ZONES, PersonsSchema
from shared.contracts import values
from shared.web.fields import (
    Choice,
    Code,
    Identifier,
    IsoDate,
    Text,
    Whole,
)
from shared.web.views import AggregateView


class SeatsSchema(Schema):
    managers = fields.Nested(PersonsSchema, required=True)
    workers = fields.Nested(PersonsSchema, required=True)


class ScheduleTraining(Schema):
    module = Code(required=True)
    kind = Choice("regular", load_default="regular")
    days = fields.List(IsoDate(), required=True, validate=validate.Length(min=1, max=10))
    zone = Choice(*ZONES, load_default="Asia/Jakarta")
    venue = Text()
    capacity = Whole(least=1, most=500)
    provider_id = Identifier()
    lead_trainer_id = Identifier(required=True)
    co_trainer_ids = fields.List(Identifier(), load_default=list, validate=validate.Length(max=10))
    delivery_mode = Choice(*get_args(values.DeliveryMode), load_default="direct")


class SeatEnterprise(Schema):
    enterprise_id = Identifier(required=True)
    seats = fields.Nested(SeatsSchema, required=True)


class AttendedSchema(Schema):
    enterprise_id = Identifier(required=True)
    attended = fields.Nested(SeatsSchema, required=True)


class DeliverTraining(Schema):
    attendance = fields.List(fields.Nested(AttendedSchema), required=True, validate=validate.Length(min=1, max=100))


class ReverseDelivery(Schema):
    reason = Code(required=True)


class RosterView(Schema):
    enterprise_id = Identifier(required=True)
    journey_id = Identifier(required=True)
    seats = fields.Nested(SeatsSchema, required=True)
    attended = fields.Nested(SeatsSchema, allow_none=True)


class TrainingView(AggregateView):
    module = fields.String(required=True)
    module_version = fields.Integer(required=True)
    required_visits = fields.Integer(required=True)
    kind = fields.String(required=True)
    days = fields.List(IsoDate(), required=True)
    zone = fields.String(required=True)
    venue = fields.String()
    capacity = fields.Integer(required=True)
    seats_taken = fields.Integer(required=True)
    provider_id = Identifier(required=True)
    lead_trainer_id = Identifier(required=True)
    co_trainer_ids = fields.List(Identifier(), required=True)
    delivery_mode = fields.String(required=True)
    rosters = fields.List(fields.Nested(RosterView), attribute="visible_rosters", required=True)
    state = fields.String(required=True)


class ClassroomView(Schema):
    training_id = Identifier(required=True)
    delivered_on = IsoDate(required=True)
    required_visits = fields.Integer(required=True)
    delivery_mode = fields.String(required=True)


class CountedVisitView(Schema):
    visit_id = Identifier(required=True)
    visited_on = IsoDate(required=True)


class JourneyView(AggregateView):
    enterprise_id = Identifier(required=True)
    module = fields.String(required=True)
    provider_id = Identifier(required=True)
    state = fields.String(required=True)
    classroom = fields.Nested(ClassroomView, allow_none=True)
    visits = fields.List(fields.Nested(CountedVisitView), attribute="counted", required=True)
    missing = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    completed_on = IsoDate(allow_none=True)
