"""The shape in which an owner of persons shows how far an erasure has come."""

from __future__ import annotations

from marshmallow import fields

from shared.web.fields import Identifier, Moment
from shared.web.schema import View


class ErasureStep(View):
    service = fields.String(required=True)
    done_at = Moment(required=True, allow_none=True)


class ErasureView(View):
    """`open` names the services that have not said yet that their copies are gone."""

    person_id = Identifier(required=True)
    erased_at = Moment(required=True)
    due_at = Moment(required=True)
    services = fields.List(fields.Nested(ErasureStep), required=True)
    open = fields.List(fields.String(), required=True)
    overdue = fields.Boolean(required=True)
