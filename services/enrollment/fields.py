"""Fields of requests that several subjects share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from services.enrollment.identifiers import Unreadable, phone_of
from shared.contracts import values
from shared.web.fields import Phone
from shared.web.schema import refusal

LANGUAGES = get_args(values.Language)


class LocalPhone(Phone):
    """A phone number, written internationally or as within Indonesia; taken as E.164."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            return phone_of(text)
        except Unreadable:
            raise refusal("wrong-format") from None
