"""The shapes of requests about changes of provider and mergers."""

from __future__ import annotations

from typing import get_args

from services.enrollment.enterprises.labels import FIELDS
from services.enrollment.enterprises.queries import known_enterprise
from services.enrollment.enterprises.schemas import MERGE_REASONS
from services.enrollment.institutions.queries import acting_provider
from shared.contracts import values
from shared.web.fields import Choice, Identifier
from shared.web.schema import Schema


class ChangeProvider(Schema):
    CHECKS = ((acting_provider, "provider_id"),)
    FILLED_IN = ("delivery_mode",)

    provider_id = Identifier(required=True)
    delivery_mode = Choice(*get_args(values.DeliveryMode))


class MergeEnterprises(Schema):
    LABELS = FIELDS

    CHECKS = ((known_enterprise("/kept_id"), "kept_id"),)

    kept_id = Identifier(required=True)
    reason = Choice(*MERGE_REASONS, required=True)
