"""The shapes of enrollment's requests and answers."""

from __future__ import annotations

from typing import get_args

from marshmallow import Schema, fields, validate

from shared.contracts import values
from shared.web.fields import (
    Choice,
    Code,
    Email,
    Identifier,
    IsoDate,
    LocalizedName,
    Phone,
    Province,
    Text,
    Whole,
)
from shared.web.views import AggregateView

LEGAL_FORMS = ("PT", "CV", "UD", "Koperasi", "Firma", "Yayasan", "perorangan")
SECTORS = ("food_and_beverage", "automotive", "metal", "handicrafts", "garments", "other")
ZONES = ("Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura")
LANGUAGES = get_args(values.Language)


class RegisterInstitution(Schema):
    kind = Choice(*get_args(values.InstitutionKind), required=True)
    name = Text(required=True)
    province = Province(required=True)
    language = Choice(*LANGUAGES, load_default="id")
    email = Email()
    phone = Phone()


class InstitutionView(AggregateView):
    kind = fields.String(required=True)
    name = fields.String(required=True)
    province = fields.String(required=True)
    language = fields.String(required=True)
    state = fields.String(required=True)


class SuspendInstitution(Schema):
    reason = Code(required=True)


class ModuleVersionView(AggregateView):
    module = fields.String(required=True)
    number = fields.Integer(required=True)
    names = LocalizedName(required=True)
    classroom_days = fields.Integer(required=True)
    required_visits = fields.Integer(required=True)
    prerequisites = fields.List(fields.String(), required=True)
    valid_from = IsoDate(required=True)


class PersonsSchema(Schema):
    women = Whole(required=True)
    men = Whole(required=True)


class ContactSchema(Schema):
    name = Text(required=True)
    email = Email()
    phone = Phone()
    language = Choice(*LANGUAGES, load_default="id")


class RegisterEnterprise(Schema):
    name = Text(required=True)
    legal_form = Choice(*LEGAL_FORMS, required=True)
    province = Province(required=True)
    place = Text()
    sector = Choice(*SECTORS, required=True)
    kbli = fields.String(validate=validate.Regexp(r"^\d{5}$"))
    size_class = Choice(*get_args(values.SizeClass))
    headcount = fields.Nested(PersonsSchema, required=True)
    contact = fields.Nested(ContactSchema, required=True)
    provider_id = Identifier()
    delivery_mode = Choice(*get_args(values.DeliveryMode), load_default="direct")


class EnterpriseView(AggregateView):
    name = fields.String(required=True)
    legal_form = fields.String(required=True)
    province = fields.String(required=True)
    place = fields.String()
    sector = fields.String(required=True)
    kbli = fields.String()
    size_class = fields.String()
    headcount = fields.Nested(PersonsSchema, required=True)
    contact = fields.Nested(ContactSchema, required=True)
    provider_id = Identifier(required=True)
    delivery_mode = fields.String(required=True)
    state = fields.String(required=True)


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
