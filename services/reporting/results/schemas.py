"""The shapes of results."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from services.reporting.opening_balances.schemas import OpeningBalanceView
from shared.web.fields import IsoDate, LocalizedName, Moment, Rupiah, Whole


class Count(fields.Float):
    """A number; a whole one is written without decimals."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        if value is None:
            return None
        return int(value) if value == int(value) else super()._serialize(value, attr, obj, **kwargs)


class BreakdownCell(Schema):
    category = fields.String(required=True)
    value = Whole(required=True)


class BreakdownView(Schema):
    """Counts by one property. `withheld` is the sum of the counts that are too small to tell, and of those told with them."""

    dimension = fields.String(required=True)
    cells = fields.List(fields.Nested(BreakdownCell), required=True)
    withheld = Whole(required=True)


class RecoveryView(Schema):
    income = Rupiah(required=True)
    cost = Rupiah(required=True)


class VariantsView(Schema):
    """Ways to reckon cost recovery; null is not reckoned yet."""

    accrual = Count(required=True, allow_none=True)
    cash = Count(required=True, allow_none=True)
    incl_in_kind = Count(required=True, allow_none=True)


class FigureView(Schema):
    code = fields.String(required=True)
    names = LocalizedName(required=True)
    unit = fields.String(required=True)
    result = Count(required=True, allow_none=True)
    words = LocalizedName(required=True, allow_none=True)
    comparator = fields.String(required=True, allow_none=True)
    target = Whole(required=True, allow_none=True)
    share = fields.Float(required=True, allow_none=True)
    due = IsoDate(required=True, allow_none=True)
    counted = LocalizedName(required=True)
    breakdowns = fields.List(fields.Nested(BreakdownView), required=True)
    variants = fields.Nested(VariantsView, required=True, allow_none=True)
    amounts = fields.Nested(RecoveryView, required=True, allow_none=True)


class ResultsView(Schema):
    as_of = Moment(required=True, allow_none=True)
    lag_seconds = Whole(required=True, allow_none=True)
    figures = fields.List(fields.Nested(FigureView), required=True)
    opening_balances = fields.List(fields.Nested(OpeningBalanceView), required=True)


class FigureRow(Schema):
    """One count on a line of its own, for spreadsheets: a figure, or one cell of a breakdown of it."""

    code = fields.String(required=True)
    dimension = fields.String(required=True, allow_none=True)
    category = fields.String(required=True, allow_none=True)
    value = Count(required=True, allow_none=True)
    unit = fields.String(required=True)
    comparator = fields.String(required=True, allow_none=True)
    target = Whole(required=True, allow_none=True)
    due = IsoDate(required=True, allow_none=True)
    as_of = Moment(required=True, allow_none=True)
    lag_seconds = Whole(required=True, allow_none=True)
