"""The shapes of requests and answers about institutions, the module catalogue and enterprises."""

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
