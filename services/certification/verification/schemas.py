"""The shape of what anyone is told of a number."""

from __future__ import annotations

from marshmallow import fields

from services.certification.certificates.schemas import STATUSES
from shared.web.fields import Choice, IsoDate
from shared.web.schema import View


class VerificationView(View):
    number = fields.String(required=True)
    module = fields.String(required=True)
    valid_from = IsoDate(required=True)
    valid_to = IsoDate(required=True)
    status = Choice(*STATUSES, required=True)
