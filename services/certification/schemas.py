"""The shapes of certification's requests and answers."""

from __future__ import annotations

from typing import Any, get_args

from marshmallow import Schema, fields, validate

from shared.contracts import values
from shared.contracts.certification import TrainerKind
from shared.web.fields import Choice, Code, Email, Identifier, IsoDate, Moment, Phone, Province, Text, Whole

LANGUAGES = get_args(values.Language)
STATUSES = ("valid", "expired", "suspended", "revoked")


class CertificateNumber(Text):
    """A number as it stands in an address: letters and digits with single signs between them."""

    def __init__(self, **options: Any) -> None:
        pattern = r"^[A-Za-z0-9]+([_.:/+-][A-Za-z0-9]+)*$"
        super().__init__(longest=64, validate=validate.Regexp(pattern), **options)


class AggregateView(Schema):
    """What every aggregate shows of itself."""

    id = Identifier(required=True)
    version = Whole(required=True)
    created_at = Moment(required=True)
    updated_at = Moment(required=True)


class RegisterTrainer(Schema):
    name = Text(required=True)
    sex = Choice(*get_args(values.Sex), required=True)
    institution_id = Identifier()
    kind = Choice(*get_args(TrainerKind), required=True)
    email = Email()
    phone = Phone()
    language = Choice(*LANGUAGES, load_default="id")
    provinces = fields.List(Province(), load_default=list, validate=validate.Length(max=38))


class TrainerView(AggregateView):
    name = fields.String(required=True)
    sex = fields.String(required=True)
    institution_id = Identifier(allow_none=True)
    kind = fields.String(required=True)
    email = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)
    language = fields.String(required=True)
    provinces = fields.List(fields.String(), required=True)
    state = fields.String(required=True)


class GrantHistoricCertificate(Schema):
    module = Code(required=True, longest=16)
    number = CertificateNumber()
    valid_from = IsoDate(required=True)
    valid_to = IsoDate()
    document_reference = Text(required=True, longest=500)


class SuspendCertificate(Schema):
    reason = Code(required=True)


class RevokeCertificate(Schema):
    reason = Code(required=True)


class CertificateView(Schema):
    number = fields.String(required=True)
    valid_from = IsoDate(required=True)
    valid_to = IsoDate(required=True)
    historic = fields.Boolean(required=True)
    document_reference = fields.String(required=True)
    standing = fields.String(required=True)
    reason = fields.String(allow_none=True)
    effective_on = IsoDate(allow_none=True)


class QualificationView(AggregateView):
    trainer_id = Identifier(required=True)
    module = fields.String(required=True)
    institution_id = Identifier(allow_none=True)
    state = fields.String(required=True)
    certificate = fields.Nested(CertificateView, required=True)


class VerificationView(Schema):
    number = fields.String(required=True)
    module = fields.String(required=True)
    valid_from = IsoDate(required=True)
    valid_to = IsoDate(required=True)
    status = Choice(*STATUSES, required=True)
