"""The shapes of evaluations: what a participant sends, and what is published."""

from __future__ import annotations

from marshmallow import fields

from services.enrollment.evaluations.labels import QUESTIONS
from services.enrollment.evaluations.model import HIGHEST, LOWEST
from shared.access.signed_links import LONGEST
from shared.web.fields import Choice, Identifier, Text, Whole, Worded
from shared.web.schema import Schema, View


def _mark(code: str) -> Whole:
    return Whole(least=LOWEST, most=HIGHEST, required=True, metadata={"description": QUESTIONS[code]})


MarksSchema = Schema.from_dict({code: _mark(code) for code in QUESTIONS}, name="MarksSchema")


class AnswerEvaluation(Schema):
    """`link` is the signed link that the participant got."""

    link = Text(longest=LONGEST, required=True)
    marks = fields.Nested(MarksSchema, required=True)


class MarkView(View):
    question = Choice(*QUESTIONS, required=True)
    words = Worded(required=True)
    mean = fields.Float(required=True)


class EvaluationView(View):
    training_id = Identifier(required=True)
    published = fields.Boolean(required=True)
    answers = fields.Integer(required=True, allow_none=True)
    satisfied_percent = fields.Integer(required=True, allow_none=True)
    marks = fields.List(fields.Nested(MarkView), required=True)


class ThanksView(View):
    training_id = Identifier(required=True)
