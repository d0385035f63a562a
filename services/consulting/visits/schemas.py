"""The shapes of requests and answers about visits."""

from __future__ import annotations

from typing import Any, cast

from marshmallow import fields

from services.consulting.catalogue.queries import require_module
from services.consulting.enterprises.queries import active_enterprise
from services.consulting.reports.model import ANSWERS, CHANNELS, CONFIRMATIONS
from services.consulting.roles import AUTHORS
from services.consulting.visits.labels import CODES, FIELDS, HAPPENINGS, STATES
from services.consulting.visits.model import Visit
from services.consulting.visits.queries import require_visited, visible_history
from shared.kernel.context import current_principal
from shared.web.fields import Choice, Code, ExternalId, Identifier, IsoDate, LocalizedView, Moment, Text, Whole
from shared.web.lists.plain_rows import PlainRow
from shared.web.lists.views import AggregateView
from shared.web.schema import Length, Patch, Schema, View

MINUTES_OF_A_DAY = 24 * 60
LONGEST_TEXT = 10_000
LONGEST_NOTE = 1_000
MOST_ITEMS = 50


class ScheduleVisit(Schema):
    CHECKS = ((active_enterprise, "enterprise_id"), (require_module, "module"))
    FILLED_IN = ("number", "minutes")

    external_id = ExternalId()
    enterprise_id = Identifier(required=True)
    module = Code(required=True)
    number = Whole(least=1, most=99)
    planned_on = IsoDate(required=True)
    minutes = Whole(least=1, most=MINUTES_OF_A_DAY)
    trainer_id = Identifier(required=True)


class NumberVisit(Patch):
    external_id = ExternalId(allow_none=True)


class RescheduleVisit(Patch):
    planned_on = IsoDate(required=True)
    minutes = Whole(least=1, most=MINUTES_OF_A_DAY)
    trainer_id = Identifier()
    reason = Code(required=True)


class CancelVisit(Schema):
    reason = Code(required=True)


class AnswerItem(Schema):
    item = Code(required=True)
    answer = Choice(*ANSWERS, required=True)
    note = Text(longest=LONGEST_NOTE, lines=True)


class DraftItem(AnswerItem):
    answer = Choice(*ANSWERS)


class RemarkOnItem(Schema):
    item = Code(required=True)
    comment = Text(required=True, longest=LONGEST_NOTE, lines=True)


class KeepDraft(Schema):
    visited_on = IsoDate()
    minutes = Whole(least=1, most=MINUTES_OF_A_DAY)
    findings = Text(longest=LONGEST_TEXT, lines=True)
    actions = Text(longest=LONGEST_TEXT, lines=True)
    checklist = fields.List(fields.Nested(DraftItem), validate=Length(max=MOST_ITEMS))


class ReportVisit(Schema):
    CHECKS = ((require_visited, "visited_on"),)

    visited_on = IsoDate(required=True)
    minutes = Whole(required=True, least=1, most=MINUTES_OF_A_DAY)
    findings = Text(required=True, longest=LONGEST_TEXT, lines=True)
    actions = Text(longest=LONGEST_TEXT, lines=True)
    checklist = fields.List(fields.Nested(AnswerItem), validate=Length(max=MOST_ITEMS))


class ConfirmVisit(Schema):
    answer = Choice(*CONFIRMATIONS, required=True)
    comment = Text(longest=LONGEST_NOTE, lines=True)


class ReturnReport(Schema):
    LABELS = FIELDS

    reason = Code(required=True)
    comment = Text(longest=LONGEST_TEXT, lines=True)
    remarks = fields.List(fields.Nested(RemarkOnItem), validate=Length(max=MOST_ITEMS))


class VoidVisit(Schema):
    reason = Code(required=True)


class AnsweredView(View):
    item = fields.String(required=True)
    answer = Choice(*ANSWERS, allow_none=True)
    note = fields.String(allow_none=True)


class ItemView(View):
    code = fields.String(required=True)
    text = fields.Nested(LocalizedView, required=True)


class ChecklistView(View):
    items = fields.List(fields.Nested(ItemView), required=True)


class DraftView(View):
    visited_on = IsoDate(allow_none=True)
    minutes = fields.Integer(allow_none=True)
    findings = fields.String(allow_none=True)
    actions = fields.String(allow_none=True)
    checklist = fields.List(fields.Nested(AnsweredView), required=True)
    saved_at = Moment(required=True)


class ReportView(View):
    visited_on = IsoDate(required=True)
    minutes = fields.Integer(required=True)
    findings = fields.String(required=True)
    actions = fields.String(allow_none=True)
    checklist = fields.List(fields.Nested(AnsweredView), required=True)
    reported_at = Moment(required=True)


class ConfirmationView(View):
    answer = Choice(*CONFIRMATIONS, required=True)
    channel = Choice(*CHANNELS, required=True)
    comment = fields.String(allow_none=True)
    answered_at = Moment(required=True)


class RemarkView(View):
    item = fields.String(required=True)
    comment = fields.String(required=True)


class HappeningView(View):
    verb = Choice(*HAPPENINGS, required=True)
    at = Moment(required=True)
    role = fields.String(required=True)
    reason = fields.String(allow_none=True)
    comment = fields.String(allow_none=True)
    remarks = fields.List(fields.Nested(RemarkView), required=True)


class VisitView(AggregateView):
    LABELS = FIELDS
    CODES = CODES

    external_id = ExternalId()
    enterprise_id = Identifier(required=True)
    module = fields.String(required=True)
    number = fields.Integer(required=True)
    due_on = IsoDate(allow_none=True)
    planned_on = IsoDate(allow_none=True)
    minutes = fields.Integer(required=True)
    trainer_id = Identifier(required=True)
    provider_id = Identifier(required=True)
    report = fields.Nested(ReportView, allow_none=True)
    confirmation = fields.Nested(ConfirmationView, allow_none=True)
    draft = fields.Nested(DraftView, allow_none=True)
    history = fields.List(fields.Nested(HappeningView), required=True)
    state = Choice(*STATES, required=True)

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """Read what the caller may see of the history and the draft, and everything else as it is."""
        if isinstance(obj, Visit | PlainRow) and attr == "draft" and current_principal().role not in AUTHORS:
            return None
        if isinstance(obj, Visit | PlainRow) and attr == "history":
            return visible_history(cast("Visit", obj), current_principal())
        return super().get_attribute(obj, attr, default)
