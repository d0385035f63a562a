"""The shapes of requests and answers about the module catalogue."""

from __future__ import annotations

from marshmallow import fields

from services.enrollment.catalogue.labels import FIELDS
from services.enrollment.catalogue.plans import LONGEST_PLAN
from services.enrollment.catalogue.queries import require_following, require_known
from shared.web.fields import Code, IsoDate, LocalizedName, ShownName, Whole
from shared.web.lists.views import AggregateView
from shared.web.schema import Length, Schema


class PublishModuleVersion(Schema):
    CHECKS = ((require_known, "module", "prerequisites"), (require_following, "module", "number", "valid_from"))
    FILLED_IN = ("number",)

    module = Code(required=True, longest=16)
    number = Whole(least=1, most=1_000)
    names = LocalizedName(required=True)
    classroom_days = Whole(required=True, least=1, most=30)
    required_visits = Whole(required=True, most=30)
    prerequisites = fields.List(Code(longest=16), load_default=list, validate=Length(max=LONGEST_PLAN))
    valid_from = IsoDate(required=True)


class ModuleVersionView(AggregateView):
    LABELS = FIELDS

    module = fields.String(required=True)
    number = fields.Integer(required=True)
    names = ShownName(required=True)
    classroom_days = fields.Integer(required=True)
    required_visits = fields.Integer(required=True)
    prerequisites = fields.List(fields.String(), required=True)
    valid_from = IsoDate(required=True)
