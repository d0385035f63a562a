"""The shapes of results."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from services.reporting.opening_balances.schemas import OpeningBalanceView
from services.reporting.results.labels import CODES, FIELDS
from services.reporting.targets.schemas import COMPARATORS
from shared.i18n.catalogues import catalogues
from shared.i18n.languages import LANGUAGES
from shared.kernel.message import Message
from shared.web.fields import Choice, IsoDate, Moment, Rupiah, ShownName, Whole
from shared.web.schema import View


class Count(fields.Float):
    """A number; a whole one is written without decimals."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        if value is None:
            return None
        return int(value) if value == int(value) else super()._serialize(value, attr, obj, **kwargs)


class InEachLanguage(ShownName):
    """A message, or what is named in data already, in every language at once: the figures are read on both sides."""

    def _serialize(self, nested_obj: Any, attr: Any, obj: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        if isinstance(nested_obj, Message):
            nested_obj = {language: catalogues().text(nested_obj, language) for language in LANGUAGES}
        return super()._serialize(nested_obj, attr, obj, **kwargs)


class BreakdownCell(View):
    category = fields.String(required=True)
    value = Whole(required=True)


class BreakdownView(View):
    """Counts by one property. `withheld` is the sum of the counts that are too small to tell, and of those told with them."""

    dimension = fields.String(required=True)
    cells = fields.List(fields.Nested(BreakdownCell), required=True)
    withheld = Whole(required=True)


class RecoveryView(View):
    income = Rupiah(required=True)
    cost = Rupiah(required=True)


class VariantsView(View):
    """Ways to reckon cost recovery; null is not reckoned yet."""

    accrual = Count(required=True, allow_none=True)
    cash = Count(required=True, allow_none=True)
    incl_in_kind = Count(required=True, allow_none=True)


class FigureView(View):
    code = fields.String(required=True)
    names = InEachLanguage(required=True)
    unit = fields.String(required=True)
    result = Count(required=True, allow_none=True)
    words = InEachLanguage(required=True, allow_none=True)
    comparator = Choice(*COMPARATORS, required=True, allow_none=True)
    target = Whole(required=True, allow_none=True)
    share = fields.Float(required=True, allow_none=True)
    due = IsoDate(required=True, allow_none=True)
    counted = InEachLanguage(required=True)
    breakdowns = fields.List(fields.Nested(BreakdownView), required=True)
    variants = fields.Nested(VariantsView, required=True, allow_none=True)
    amounts = fields.Nested(RecoveryView, required=True, allow_none=True)


class ResultsView(View):
    as_of = Moment(required=True, allow_none=True)
    lag_seconds = Whole(required=True, allow_none=True)
    figures = fields.List(fields.Nested(FigureView), required=True)
    opening_balances = fields.List(fields.Nested(OpeningBalanceView), required=True)


class FigureRow(View):
    """One count on a line of its own, for spreadsheets: a figure, or one cell of a breakdown of it."""

    LABELS = FIELDS
    CODES = CODES

    code = fields.String(required=True)
    dimension = fields.String(required=True, allow_none=True)
    category = fields.String(required=True, allow_none=True)
    value = Count(required=True, allow_none=True)
    unit = fields.String(required=True)
    comparator = Choice(*COMPARATORS, required=True, allow_none=True)
    target = Whole(required=True, allow_none=True)
    due = IsoDate(required=True, allow_none=True)
    as_of = Moment(required=True, allow_none=True)
    lag_seconds = Whole(required=True, allow_none=True)


class NamedFigureRow(FigureRow):
    """The same for people: with what the figure is called."""

    name = fields.String(required=True)

    class Meta:
        fields = ("code", "name", "dimension", "category", "value", "unit", "comparator", "target", "due", "as_of")
