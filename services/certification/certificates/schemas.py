"""The shapes of a certificate and of its number."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from services.certification.certificates.labels import FIELDS
from shared.web.fields import Choice, IsoDate, Text
from shared.web.schema import Regexp, View

STANDINGS = ("certified", "suspended", "revoked", "expired")
STATUSES = ("valid", "expired", "suspended", "revoked")


class CertificateNumber(Text):
    """A number as it stands in an address: letters and digits with single signs between them."""

    def __init__(self, **options: Any) -> None:
        pattern = r"^[A-Za-z0-9]+([_.:/+-][A-Za-z0-9]+)*$"
        super().__init__(longest=64, validate=Regexp(pattern), metadata={"example": "SCORE/2024/017"}, **options)


class CertificateView(View):
    LABELS = FIELDS

    number = fields.String(required=True)
    valid_from = IsoDate(required=True)
    valid_to = IsoDate(required=True)
    historic = fields.Boolean(required=True)
    document_reference = fields.String(required=True)
    standing = Choice(*STANDINGS, required=True)
    reason = fields.String(allow_none=True)
    effective_on = IsoDate(allow_none=True)
