"""The shapes of the register's requests and answers."""

from __future__ import annotations

from typing import get_args

from marshmallow import fields

from services.certification.trainers.labels import CODES
from services.certification.trainers.model import Trainer
from services.certification.trainers.queries import acting_institution
from shared.contracts import values
from shared.contracts.events.certification import TrainerKind
from shared.web.fields import Choice, Email, Identifier, Phone, Province, Text
from shared.web.lists.views import AggregateView
from shared.web.schema import Length, Schema

LANGUAGES = get_args(values.Language)


class RegisterTrainer(Schema):
    CHECKS = ((acting_institution, "institution_id"),)

    name = Text(required=True)
    sex = Choice(*get_args(values.Sex), required=True)
    institution_id = Identifier()
    kind = Choice(*get_args(TrainerKind), required=True)
    email = Email()
    phone = Phone()
    language = Choice(*LANGUAGES, load_default="id")
    provinces = fields.List(Province(), load_default=list, validate=Length(max=38))


class FindTrainers(Schema):
    name = Text(required=True)


class TrainerView(AggregateView):
    CODES = CODES

    name = fields.String(required=True, allow_none=True)
    sex = Choice(*get_args(values.Sex), required=True)
    institution_id = Identifier(allow_none=True)
    kind = Choice(*get_args(TrainerKind), required=True)
    email = Email(allow_none=True)
    phone = Phone(allow_none=True)
    language = Choice(*LANGUAGES, required=True)
    provinces = fields.List(Province(), required=True)
    state = Choice(*Trainer.LIFECYCLE.states, required=True)
