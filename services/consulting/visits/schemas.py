"""The shapes of requests and answers about visits."""

from __future__ import annotations

from typing import Any, cast

from marshmallow import fields

from services.consulting.enterprises.queries import active_enterprise
from services.consulting.visits.labels import FIELDS, HAPPENINGS, STATES
from services.consulting.visits.model import Visit
from services.consulting.visits.queries import require_module, require_visited, visible_history
from shared.kernel.context import current_principal
from shared.web.fields import Choice, Code, ExternalId, Identifier, IsoDate, Moment, Text, Whole
from shared.web.lists.plain_rows import PlainRow
from shared.web.lists.views import AggregateView
from shared.web.schema import Schema, View

MINUTES_OF_A_DAY = 24 * 60
LONGEST_TEXT = 10_000


class ScheduleVisit(Schema):
    CHECKS = ((active_enterprise, "enterprise_id"), (require_module, "module"))

    external_id = ExternalId()
    enterprise_id = Identifier(required=True)
    module = Code(required=True)
    number = Whole(least=1, most=99)
    planned_on = IsoDate(required=True)
    minutes = Whole(least=1, most=MINUTES_OF_A_DAY)
    trainer_id = Identifier(required=True)


class NumberVisit(Schema):
    external_id = ExternalId(allow_none=True)


class RescheduleVisit(Schema):
    planned_on = IsoDate(required=True)
    minutes = Whole(least=1, most=MINUTES_OF_A_DAY)
    trainer_id = Identifier()
    reason = Code(required=True)


class CancelVisit(Schema):
    reason = Code(required=True)


class ReportVisit(Schema):
    CHECKS = ((require_visited, "visited_on"),)

    visited_on = IsoDate(required=True)
    minutes = Whole(required=True, least=1, most=MINUTES_OF_A_DAY)
    findings = Text(required=True, longest=LONGEST_TEXT, lines=True)
    actions = Text(longest=LONGEST_TEXT, lines=True)


class ReturnReport(Schema):
    reason = Code(required=True)
    comment = Text(longest=LONGEST_TEXT, lines=True)


class VoidVisit(Schema):
    reason = Code(required=True)


class ReportView(View):
    visited_on = IsoDate(required=True)
    minutes = fields.Integer(required=True)
    findings = fields.String(required=True)
    actions = fields.String(allow_none=True)
    reported_at = Moment(required=True)


class HappeningView(View):
    verb = Choice(*HAPPENINGS, required=True)
    at = Moment(required=True)
    role = fields.String(required=True)
    reason = fields.String(allow_none=True)
    comment = fields.String(allow_none=True)


class VisitView(AggregateView):
    LABELS = FIELDS

    external_id = ExternalId()
    enterprise_id = Identifier(required=True)
    module = fields.String(required=True)
    number = fields.Integer(required=True)
    planned_on = IsoDate(required=True)
    minutes = fields.Integer(required=True)
    trainer_id = Identifier(required=True)
    provider_id = Identifier(required=True)
    report = fields.Nested(ReportView, allow_none=True)
    history = fields.List(fields.Nested(HappeningView), required=True)
    state = Choice(*STATES, required=True)

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """Read what the caller may see of the history, and everything else as it is."""
        if attr == "history" and isinstance(obj, Visit | PlainRow):
            return visible_history(cast("Visit", obj), current_principal())
        return super().get_attribute(obj, attr, default)
