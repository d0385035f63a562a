"""The shapes of requests about changes of provider and mergers."""

from __future__ import annotations

from typing import get_args

from services.enrollment.enterprises.schemas import MERGE_REASONS
from shared.contracts import values
from shared.web.fields import Choice, Identifier
from shared.web.schema import Schema


class ChangeProvider(Schema):
    provider_id = Identifier(required=True)
    delivery_mode = Choice(*get_args(values.DeliveryMode))


class MergeEnterprises(Schema):
    kept_id = Identifier(required=True)
    reason = Choice(*MERGE_REASONS, required=True)
