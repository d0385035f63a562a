"""The shapes of requests and answers about institutions."""

from __future__ import annotations

from typing import Any, get_args

from marshmallow import fields

from services.enrollment.fields import LANGUAGES
from services.enrollment.institutions import model
from services.enrollment.institutions.labels import CODES, FIELDS, STATES
from shared.contracts import values
from shared.web.fields import Choice, Code, Email, Identifier, Phone, Province, Text
from shared.web.lists.views import AggregateView
from shared.web.schema import Length, Patch, Schema, View

MOST_CONTACTS = 20


class NewInstitutionContact(Schema):
    name = Text(required=True)
    roles = fields.List(Choice(*model.ROLES), required=True, validate=Length(min=1, max=len(model.ROLES)))
    email = Email()
    phone = Phone()
    language = Choice(*LANGUAGES, load_default="id")


class InstitutionContactSchema(NewInstitutionContact):
    FILLED_IN = ("contact_id",)

    contact_id = Identifier()


def _several(inner: fields.Field[Any], most: int) -> fields.List[Any]:
    return fields.List(inner, validate=Length(max=most))


class RegisterInstitution(Schema):
    LABELS = FIELDS

    kind = Choice(*get_args(values.InstitutionKind), required=True)
    name = Text(required=True)
    province = Province(required=True)
    provinces = _several(Province(), 38)
    language = Choice(*LANGUAGES, load_default="id")
    languages = _several(Choice(*LANGUAGES), len(LANGUAGES))
    email = Email()
    phone = Phone()
    contacts = _several(fields.Nested(NewInstitutionContact), MOST_CONTACTS)


class CorrectInstitution(Patch):
    """A correction: what is left out stays as it is, null clears; `contacts` replaces all, each kept by its `contact_id`."""

    name = Text()
    provinces = _several(Province(), 38)
    language = Choice(*LANGUAGES)
    languages = _several(Choice(*LANGUAGES), len(LANGUAGES))
    email = Email(allow_none=True)
    phone = Phone(allow_none=True)
    contacts = _several(fields.Nested(InstitutionContactSchema), MOST_CONTACTS)


class InstitutionView(AggregateView):
    LABELS = FIELDS
    CODES = CODES

    kind = Choice(*get_args(values.InstitutionKind), required=True)
    name = fields.String(required=True)
    province = Province(required=True)
    provinces = fields.List(Province(), required=True)
    language = Choice(*LANGUAGES, required=True)
    languages = fields.List(Choice(*LANGUAGES), required=True)
    state = Choice(*STATES, required=True)


class InstitutionContactView(View):
    contact_id = Identifier(required=True)
    name = Text(required=True)
    roles = fields.List(Choice(*model.ROLES), required=True)
    email = Email()
    phone = Phone()
    language = Choice(*LANGUAGES, required=True)


class InstitutionRecordView(InstitutionView):
    """With the people to write to."""

    email = Email()
    phone = Phone()
    contacts = fields.List(fields.Nested(InstitutionContactView), required=True)


class SuspendInstitution(Schema):
    reason = Code(required=True)
