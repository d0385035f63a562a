"""Holds what the views of all services have in common."""

from __future__ import annotations

from typing import Any, Final

from shared.web.fields import Identifier, Moment, Whole
from shared.web.lists.plain_rows import PlainRow
from shared.web.schema import View

MISSING: Final = object()


class RowView(View):
    """A view that reads stored rows without the detours that serve objects of every kind."""

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        if isinstance(obj, PlainRow):
            value = obj.stored_value(attr, MISSING)
            if value is not MISSING:
                return value
        return super().get_attribute(obj, attr, default)


class AggregateView(RowView):
    """A view of what every aggregate shows of itself."""

    id = Identifier(required=True)
    version = Whole(required=True)
    created_at = Moment(required=True)
    updated_at = Moment(required=True)
