"""What the views of all services have in common."""

from __future__ import annotations

from marshmallow import Schema

from shared.web.fields import Identifier, Moment, Whole


class AggregateView(Schema):
    """What every aggregate shows of itself."""

    id = Identifier(required=True)
    version = Whole(required=True)
    created_at = Moment(required=True)
    updated_at = Moment(required=True)
