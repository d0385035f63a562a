"""The shapes of requests and answers about classrooms, rosters, delivery and journeys."""

from __future__ import annotations

from typing import get_args

from marshmallow import Schema, fields, validate

from services.enrollment.enterprise_schemas import ZONES, PersonsSchema
from services.enrollment.worded import Worded
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
    kind = Choice(*get_args(values.TrainingKind), load_default="regular")
    days = fields.List(IsoDate(), required=True, validate=validate.Length(min=1, max=10))
    zone = Choice(*ZONES, load_default="Asia/Jakarta")
    venue = Text()
    capacity = Whole(least=1, most=500)
    provider_id = Identifier()
    lead_trainer_id = Identifier(required=True)
    co_trainer_ids = fields.List(Identifier(), load_default=list, validate=validate.Length(max=10))
    supervisor_id = Identifier()
    delivery_mode = Choice(*get_args(values.DeliveryMode), load_default="direct")


class RescheduleTraining(Schema):
    reason = Code(required=True)
    days = fields.List(IsoDate(), validate=validate.Length(min=1, max=10))
    zone = Choice(*ZONES)
    venue = Text()
    lead_trainer_id = Identifier()
    co_trainer_ids = fields.List(Identifier(), validate=validate.Length(max=10))
    supervisor_id = Identifier()


class ResizeTraining(Schema):
    capacity = Whole(least=1, most=500, required=True)


class CancelTraining(Schema):
    reason = Code(required=True)


class ReleaseSeats(Schema):
    """Either the numbers, or the participants who shall sit there."""

    seats = fields.Nested(SeatsSchema)
    participant_ids = fields.List(Identifier(), validate=validate.Length(min=1, max=100))


class SeatEnterprise(ReleaseSeats):
    enterprise_id = Identifier(required=True)


class WithdrawRoster(Schema):
    reason = Code(required=True)


class RecordAttendance(Schema):
    day = IsoDate(required=True)
    participant_ids = fields.List(Identifier(), required=True, validate=validate.Length(max=500))


class AttendedSchema(Schema):
    enterprise_id = Identifier(required=True)
    attended = fields.Nested(SeatsSchema, required=True)


class DeliverTraining(Schema):
    """Enterprises whose daily lists are complete need no entry."""

    attendance = fields.List(fields.Nested(AttendedSchema), required=True, validate=validate.Length(max=100))


class ReverseDelivery(Schema):
    reason = Code(required=True)


class WarningView(Schema):
    code = fields.String(required=True)
    detail = Worded(required=True)


class RosterView(Schema):
    enterprise_id = Identifier(required=True)
    journey_id = Identifier(required=True)
    seats = fields.Nested(SeatsSchema, required=True)
    participant_ids = fields.List(Identifier(), required=True)
    attended = fields.Nested(SeatsSchema, allow_none=True)


class PlacementView(Schema):
    """What became of a claim for seats; `position` is the place in the waiting list, 0 for who is seated."""

    training_id = Identifier(required=True)
    enterprise_id = Identifier(attribute="roster.enterprise_id", required=True)
    journey_id = Identifier(attribute="roster.journey_id", required=True)
    seats = fields.Nested(SeatsSchema, attribute="roster.seats", required=True)
    state = fields.String(required=True, metadata={"enum": ["seated", "waiting"]})
    position = fields.Integer(required=True)
    warnings = fields.List(fields.Nested(WarningView), required=True)


class PresenceView(Schema):
    day = IsoDate(required=True)
    participant_ids = fields.List(Identifier(), required=True)


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
    supervisor_id = Identifier(allow_none=True)
    revision = fields.Integer(required=True)
    delivery_mode = fields.String(required=True)
    rosters = fields.List(fields.Nested(RosterView), attribute="visible_rosters", required=True)
    waiting = fields.List(fields.Nested(PlacementView), attribute="visible_waiting", required=True)
    presence = fields.List(fields.Nested(PresenceView), attribute="visible_presence", required=True)
    conflict_days = fields.List(IsoDate(), required=True)
    cancellation_reason = fields.String(allow_none=True)
    state = fields.String(required=True)


class ClassroomView(Schema):
    training_id = Identifier(required=True)
    delivered_on = IsoDate(required=True)
    required_visits = fields.Integer(required=True)
    delivery_mode = fields.String(required=True)


class CountedVisitView(Schema):
    visit_id = Identifier(required=True)
    visited_on = IsoDate(required=True)


class MissingView(Schema):
    """A part that completion still needs; `detail` says it in the caller's language."""

    part = fields.String(required=True, metadata={"enum": list(get_args(values.MissingPart))})
    count = fields.Integer(required=True)
    detail = Worded(required=True)


class JourneyView(AggregateView):
    enterprise_id = Identifier(required=True)
    module = fields.String(required=True)
    provider_id = Identifier(required=True)
    state = fields.String(required=True)
    classroom = fields.Nested(ClassroomView, allow_none=True)
    visits = fields.List(fields.Nested(CountedVisitView), attribute="counted", required=True)
    missing = fields.List(fields.Nested(MissingView), attribute="missing_parts", required=True)
    completed_on = IsoDate(allow_none=True)
    lapsed_on = IsoDate(allow_none=True)
