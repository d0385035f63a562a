"""The shapes of requests and answers about assessments."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from services.consulting.assessments.labels import CODES, FIELDS, KINDS, STATES
from services.consulting.assessments.model import Assessment
from services.consulting.assessments.practices import HIGHEST, LOWEST
from services.consulting.assessments.queries import (
    require_assessed,
    require_given,
    require_practices,
    require_suggested,
)
from services.consulting.catalogue.queries import require_module
from services.consulting.enterprises.queries import active_enterprise
from services.consulting.readings.indicators import PERIODS
from services.consulting.readings.model import QUALITIES, SOURCES
from services.consulting.readings.schemas import given_readings
from services.consulting.roles import AUTHORS
from shared.kernel.context import current_principal
from shared.reference.sexes import SEXES
from shared.web.fields import Choice, Code, Identifier, IsoDate, LocalizedView, Moment, Text, Whole
from shared.web.lists.plain_rows import PlainRow
from shared.web.lists.views import AggregateView
from shared.web.schema import Length, Schema, View

LONGEST_TEXT = 10_000
LONGEST_NOTE = 1_000
MOST_PRACTICES = 50
MOST_MODULES = 20


class StartAssessment(Schema):
    CHECKS = ((active_enterprise, "enterprise_id"), (require_module, "module"))

    enterprise_id = Identifier(required=True)
    kind = Choice(*KINDS, required=True)
    module = Code()
    trainer_id = Identifier(required=True)


class AssignAssessment(Schema):
    trainer_id = Identifier(required=True)


class PracticeItem(Schema):
    item = Code(required=True)
    points = Whole(least=LOWEST, most=HIGHEST)
    note = Text(longest=LONGEST_NOTE, lines=True)


class KeepAssessmentDraft(Schema):
    assessed_on = IsoDate()
    practices = fields.List(fields.Nested(PracticeItem), validate=Length(max=MOST_PRACTICES))
    readings = given_readings()
    suggested_modules = fields.List(Code(), validate=Length(max=MOST_MODULES))
    notes = Text(longest=LONGEST_TEXT, lines=True)


class CompleteAssessment(KeepAssessmentDraft):
    CHECKS = (
        (require_assessed, "assessed_on"),
        (require_practices, "practices"),
        (require_given, "readings"),
        (require_suggested, "suggested_modules"),
    )

    assessed_on = IsoDate(required=True)


class PointedView(View):
    item = fields.String(required=True)
    points = fields.Integer(allow_none=True)
    note = fields.String(allow_none=True)


class DraftReadingView(View):
    indicator = fields.String(required=True)
    sex = Choice(*SEXES, allow_none=True)
    quality = Choice(*QUALITIES, allow_none=True)
    numerator = fields.Float(allow_none=True)
    denominator = fields.Float(allow_none=True)
    period = Choice(*PERIODS, allow_none=True)
    source = Choice(*SOURCES, allow_none=True)


class AssessmentDraftView(View):
    assessed_on = IsoDate(allow_none=True)
    practices = fields.List(fields.Nested(PointedView), required=True)
    readings = fields.List(fields.Nested(DraftReadingView), required=True)
    suggested_modules = fields.List(fields.String(), required=True)
    notes = fields.String(allow_none=True)
    saved_at = Moment(required=True)


class HandedView(View):
    at = Moment(required=True)
    role = fields.String(required=True)


class AssessmentView(AggregateView):
    LABELS = FIELDS
    CODES = CODES

    enterprise_id = Identifier(required=True)
    kind = Choice(*KINDS, required=True)
    module = fields.String(allow_none=True)
    trainer_id = Identifier(required=True)
    provider_id = Identifier(required=True)
    assessed_on = IsoDate(allow_none=True)
    practices = fields.List(fields.Nested(PointedView), required=True)
    suggested_modules = fields.List(fields.String(), required=True)
    notes = fields.String(allow_none=True)
    draft = fields.Nested(AssessmentDraftView, allow_none=True)
    history = fields.List(fields.Nested(HandedView), required=True)
    state = Choice(*STATES, required=True)

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """Read the draft for those who may hand it in, and everything else as it is."""
        if isinstance(obj, Assessment | PlainRow) and attr == "draft" and current_principal().role not in AUTHORS:
            return None
        return super().get_attribute(obj, attr, default)


class PracticeView(View):
    code = fields.String(required=True)
    text = fields.Nested(LocalizedView, required=True)


class PracticesView(View):
    items = fields.List(fields.Nested(PracticeView), required=True)
