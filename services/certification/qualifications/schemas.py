"""The shapes of requests and answers about qualifications."""

from __future__ import annotations

from marshmallow import fields

from services.certification.certificates.schemas import CertificateNumber, CertificateView
from services.certification.qualifications.labels import FIELDS
from services.certification.qualifications.model import Qualification
from services.certification.qualifications.queries import checked_last_day
from shared.web.fields import Choice, Code, Identifier, IsoDate, Text
from shared.web.lists.views import AggregateView
from shared.web.schema import Schema


class GrantHistoricCertificate(Schema):
    CHECKS = ((checked_last_day, "valid_from", "valid_to"),)

    module = Code(required=True, longest=16)
    number = CertificateNumber()
    valid_from = IsoDate(required=True)
    valid_to = IsoDate()
    document_reference = Text(required=True, longest=500)


class SuspendCertificate(Schema):
    reason = Code(required=True)


class RevokeCertificate(Schema):
    reason = Code(required=True)


class QualificationView(AggregateView):
    LABELS = FIELDS

    trainer_id = Identifier(required=True)
    module = fields.String(required=True)
    institution_id = Identifier(allow_none=True)
    state = Choice(*Qualification.LIFECYCLE.states, required=True)
    certificate = fields.Nested(CertificateView, required=True)
