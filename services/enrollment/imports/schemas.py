"""The shapes of answers about imports from spreadsheets."""

from __future__ import annotations

from marshmallow import fields

from services.enrollment.imports.labels import CODES, FIELDS, KINDS, STATES
from shared.web.fields import Choice, Flag, Identifier, Moment, Whole
from shared.web.lists.views import AggregateView
from shared.web.schema import Schema, View


class SaidFlag(Flag):
    """A flag of a query, where everything is text."""

    from_text = True


class StartImport(Schema):
    """The query of an upload."""

    dry_run = SaidFlag(
        load_default=False, metadata={"description": "Judge every row by what you can see, and change nothing"}
    )


class ImportTemplateQuery(Schema):
    format = Choice(
        "xlsx", "csv", metadata={"description": "Left out, it is what `Accept` likes best, and XLSX of both alike"}
    )


class RowErrorView(View):
    row = Whole(allow_none=True)
    column = fields.String(required=True)
    code = fields.String(required=True)
    detail = fields.String(required=True)


class ImportView(AggregateView):
    """The progress of an import. `errors` holds the first ones, `error_count` counts them all."""

    kind = Choice(*KINDS, required=True)
    dry_run = fields.Boolean(required=True)
    institution_id = Identifier(allow_none=True)
    state = Choice(*STATES, required=True)
    rows_read = Whole(required=True)
    made = Whole(required=True)
    unchanged = Whole(required=True)
    failed = Whole(required=True)
    error_count = Whole(required=True)
    errors = fields.List(fields.Nested(RowErrorView), required=True)
    ended_at = Moment(allow_none=True)


class ImportLine(AggregateView):
    """An import in a list: without its errors."""

    LABELS = FIELDS
    CODES = CODES

    kind = Choice(*KINDS, required=True)
    dry_run = Flag(required=True)
    institution_id = Identifier(allow_none=True)
    state = Choice(*STATES, required=True)
    rows_read = Whole(required=True)
    made = Whole(required=True)
    unchanged = Whole(required=True)
    failed = Whole(required=True)
    error_count = Whole(required=True)
    ended_at = Moment(allow_none=True)
