"""A field of answers that holds words in both languages and is given out in the caller's."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from shared.web.problems import language_of_caller
from shared.web.wording import in_language


class Worded(fields.String):
    """`{"id": ..., "en": ...}` inside, one text outside."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        del attr, obj, kwargs
        return None if value is None else in_language(value, language_of_caller())
