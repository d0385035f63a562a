"""The shapes of requests and answers about classrooms, rosters, delivery and journeys."""

from __future__ import annotations

from typing import Any, Final, cast, get_args

from marshmallow import fields

from services.enrollment.catalogue.queries import module_today
from services.enrollment.enterprises.queries import known_enterprise
from services.enrollment.enterprises.schemas import PersonsSchema
from services.enrollment.institutions.queries import acting_provider
from services.enrollment.trainings.labels import CODES, FIELDS, STATES
from services.enrollment.trainings.model import Training
from services.enrollment.trainings.queries import visible_presence, visible_rosters, visible_waiting
from services.enrollment.trainings.rules import in_order, require_hours, require_supervisor
from shared.contracts import values
from shared.kernel.context import current_principal
from shared.reference.zones import WIB, ZONES
from shared.web.fields import Choice, Code, ExternalId, Flag, Identifier, IsoDate, LocalTime, Text, Whole, Worded
from shared.web.lists.plain_rows import PlainRow
from shared.web.lists.views import AggregateView
from shared.web.schema import Length, Patch, Schema, View


class SeatsSchema(Schema):
    managers = fields.Nested(PersonsSchema, required=True)
    workers = fields.Nested(PersonsSchema, required=True)


class ScheduleTraining(Schema):
    LABELS = FIELDS

    CHECKS = (
        (acting_provider, "provider_id"),
        (module_today, "module"),
        (in_order, "days"),
        (require_hours, "start_time", "end_time"),
        (require_supervisor, "kind", "lead_trainer_id", "supervisor_id"),
    )
    FILLED_IN = ("capacity", "provider_id")

    external_id = ExternalId()
    module = Code(required=True)
    kind = Choice(*get_args(values.TrainingKind), load_default="regular")
    days = fields.List(IsoDate(), required=True, validate=Length(min=1, max=10))
    zone = Choice(*ZONES, load_default=WIB)
    start_time = LocalTime()
    end_time = LocalTime()
    venue = Text()
    venue_address = Text()
    capacity = Whole(least=1, most=500)
    provider_id = Identifier()
    lead_trainer_id = Identifier(required=True)
    co_trainer_ids = fields.List(Identifier(), load_default=list, validate=Length(max=10))
    supervisor_id = Identifier()
    delivery_mode = Choice(*get_args(values.DeliveryMode), load_default="direct")


class RescheduleTraining(Patch):
    """What is left out stays as it was; null takes away what is no longer known."""

    LABELS = FIELDS

    reason = Code(required=True)
    days = fields.List(IsoDate(), validate=Length(min=1, max=10))
    zone = Choice(*ZONES)
    start_time = LocalTime(allow_none=True)
    end_time = LocalTime(allow_none=True)
    venue = Text(allow_none=True)
    venue_address = Text(allow_none=True)
    lead_trainer_id = Identifier()
    co_trainer_ids = fields.List(Identifier(), validate=Length(max=10))
    supervisor_id = Identifier(allow_none=True)


class NumberTraining(Patch):
    external_id = ExternalId(allow_none=True)


class ResizeTraining(Schema):
    capacity = Whole(least=1, most=500, required=True)


class CancelTraining(Schema):
    reason = Code(required=True)


class ReleaseSeats(Schema):
    """Either the numbers, or the participants who shall sit there."""

    LABELS = FIELDS
    FILLED_IN = ("seats",)

    seats = fields.Nested(SeatsSchema)
    participant_ids = fields.List(Identifier(), validate=Length(min=1, max=100))


class SeatEnterprise(ReleaseSeats):
    CHECKS = ((known_enterprise("/enterprise_id"), "enterprise_id"),)

    enterprise_id = Identifier(required=True)
    again = Flag(load_default=False, metadata={"description": "It completed the module and attends it once more"})


class WithdrawRoster(Schema):
    reason = Code(required=True)


class RecordAttendance(Schema):
    day = IsoDate(required=True)
    participant_ids = fields.List(Identifier(), required=True, validate=Length(max=500))


class AttendedSeatsSchema(Schema):
    enterprise_id = Identifier(required=True)
    attended = fields.Nested(SeatsSchema, required=True)


class DeliverTraining(Schema):
    """Enterprises with daily lists need no entry; days of the training whose list was not kept are named."""

    LABELS = FIELDS

    attendance = fields.List(fields.Nested(AttendedSeatsSchema), required=True, validate=Length(max=100))
    days_without_list = fields.List(IsoDate(), validate=Length(max=31))


class ReverseDelivery(Schema):
    reason = Code(required=True)


class WarningView(View):
    code = fields.String(required=True)
    detail = Worded(required=True)


class RosterView(View):
    enterprise_id = Identifier(required=True)
    journey_id = Identifier(required=True)
    seats = fields.Nested(SeatsSchema, required=True)
    participant_ids = fields.List(Identifier(), required=True)
    attended = fields.Nested(SeatsSchema, allow_none=True)


class PlacementView(View):
    """The answer to a claim for seats; `position` is the place in the waiting list, 0 for who is seated."""

    training_id = Identifier(required=True)
    enterprise_id = Identifier(attribute="roster.enterprise_id", required=True)
    journey_id = Identifier(attribute="roster.journey_id", required=True)
    seats = fields.Nested(SeatsSchema, attribute="roster.seats", required=True)
    state = Choice("seated", "waiting", required=True)
    position = fields.Integer(required=True)
    warnings = fields.List(fields.Nested(WarningView), required=True)


class PresenceView(View):
    day = IsoDate(required=True)
    participant_ids = fields.List(Identifier(), required=True)


VISIBLE: Final = {"rosters": visible_rosters, "waiting": visible_waiting, "presence": visible_presence}


class TrainingView(AggregateView):
    LABELS = FIELDS
    CODES = CODES

    external_id = ExternalId()
    module = fields.String(required=True)
    module_version = fields.Integer(required=True)
    required_visits = fields.Integer(required=True)
    kind = Choice(*get_args(values.TrainingKind), required=True)
    days = fields.List(IsoDate(), required=True)
    zone = Choice(*ZONES, required=True)
    start_time = LocalTime()
    end_time = LocalTime()
    venue = fields.String()
    venue_address = fields.String()
    capacity = fields.Integer(required=True)
    seats_taken = fields.Integer(required=True)
    provider_id = Identifier(required=True)
    lead_trainer_id = Identifier(required=True)
    co_trainer_ids = fields.List(Identifier(), required=True)
    supervisor_id = Identifier(allow_none=True)
    revision = fields.Integer(required=True)
    delivery_mode = Choice(*get_args(values.DeliveryMode), required=True)
    rosters = fields.List(fields.Nested(RosterView), required=True)
    waiting = fields.List(fields.Nested(PlacementView), required=True)
    presence = fields.List(fields.Nested(PresenceView), required=True)
    conflict_days = fields.List(IsoDate(), required=True)
    cancellation_reason = fields.String(allow_none=True)
    state = Choice(*STATES, required=True)

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """Read what the caller may see of the rosters, and everything else as it is."""
        if attr in VISIBLE and isinstance(obj, Training | PlainRow):
            return VISIBLE[attr](cast("Training", obj), current_principal())
        return super().get_attribute(obj, attr, default)
