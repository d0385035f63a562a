"""The shape of a day's comparisons."""

from __future__ import annotations

from marshmallow import fields

from services.enrollment.duplicates.labels import FIELDS
from shared.web.fields import Identifier, IsoDate, Whole
from shared.web.lists.views import AggregateView


class ComparisonsView(AggregateView):
    """What one institution entered in a day beside what was let in. `told` counts refusals for enterprises of others."""

    LABELS = FIELDS

    institution_id = Identifier(required=True)
    day = IsoDate(required=True)
    compared = Whole(required=True)
    told = Whole(required=True)
    enterprise_ids = fields.List(Identifier(), required=True)
