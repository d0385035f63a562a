"""The shapes of requests and answers about screening, commitment, enrolment and withdrawal."""

from __future__ import annotations

from marshmallow import fields

from services.enrollment.catalogue.plans import LONGEST_PLAN
from services.enrollment.catalogue.queries import plan_today
from services.enrollment.enterprises.labels import FIELDS
from services.enrollment.enterprises.schemas import OVERRIDE_REASONS, SCREENING_REASONS, WITHDRAWAL_REASONS
from services.enrollment.errors import not_in_future
from services.enrollment.participation.commitment_letter import MEDIA_TYPES
from shared.web.fields import Choice, Code, Identifier, IsoDate, Moment, Whole
from shared.web.schema import Length, Schema, View


class ScreenEnterprise(Schema):
    CHECKS = ((not_in_future("/screened_on"), "screened_on"),)

    screened_on = IsoDate(required=True)
    reasons = fields.List(Choice(*SCREENING_REASONS), load_default=list, validate=Length(max=6))


class OverrideScreening(Schema):
    reason = Choice(*OVERRIDE_REASONS, required=True)


class CommitmentLetterView(View):
    id = Identifier(required=True)
    digest = fields.String(required=True, metadata={"description": "SHA-256 of the content"})
    media_type = Choice(*MEDIA_TYPES, required=True)
    size = fields.Integer(required=True)
    uploaded_at = Moment(required=True)


class CommitEnterprise(Schema):
    LABELS = FIELDS

    CHECKS = ((not_in_future("/signed_on"), "signed_on"), (plan_today, "plan"))

    signed_on = IsoDate(required=True)
    letter_id = Identifier()
    plan = fields.List(Code(longest=16), required=True, validate=Length(min=1, max=LONGEST_PLAN))
    enterprise_share_percent = Whole(most=100)


class EnrollEnterprise(Schema):
    LABELS = FIELDS

    CHECKS = ((not_in_future("/enrolled_on"), "enrolled_on"),)

    enrolled_on = IsoDate()


class WithdrawEnterprise(Schema):
    reason = Choice(*WITHDRAWAL_REASONS, required=True)
