"""Writes the values of a row as people read them: words for codes, yes and no, a list of objects as a sentence.

Days and times that have a column of their own stay as they are, so that a sheet can be sorted by them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from marshmallow import fields

from shared.i18n import formats
from shared.i18n.labels import in_language
from shared.kernel.message import gettext_noop
from shared.tabular.cells import flattened
from shared.tabular.columns import Column

YES, NO = gettext_noop("yes"), gettext_noop("no")
BETWEEN_OBJECTS: Final = "; "


def in_words(columns: Sequence[Column], row: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Return the row with the words of a language, flat, by the keys of its columns."""
    values = dict(flattened(row))
    return {column.key: _worded(column, values.get(column.key), language) for column in columns}


def _worded(column: Column, value: Any, language: str) -> Any:
    if column.parts:
        return BETWEEN_OBJECTS.join(filter(None, (_sentence(column, item, language) for item in value or ())))
    if isinstance(value, (list, tuple)):
        return ", ".join(str(_worded(column, item, language)) for item in value)
    if isinstance(value, bool):
        return in_language(YES if value else NO, language)
    return in_language(column.codes[value], language) if isinstance(value, str) and value in column.codes else value


def _sentence(column: Column, item: Mapping[str, Any], language: str) -> str:
    """Return what an object says: its own words where it has some, else each part behind its label, without ids."""
    values = dict(flattened(item))
    own_words = next((part for part in column.parts if getattr(part.field, "in_words", False)), None)
    if own_words is not None:
        return str(values[own_words.key.removeprefix(f"{column.key}.")])
    parts = []
    for part in column.parts:
        text = _spoken(part, values.get(part.key.removeprefix(f"{column.key}.")), language)
        if text:
            parts.append(f"{_called_inside(part, column, language)}: {text}")
    return ", ".join(parts)


def _spoken(part: Column, value: Any, language: str) -> str:
    inner = part.field.inner if isinstance(part.field, fields.List) else part.field
    values = value if isinstance(value, (list, tuple)) else [value]
    if value is None or (isinstance(inner, fields.UUID) and any(map(_is_id, values))):
        return ""
    if isinstance(inner, fields.DateTime):
        return formats.moment(value, language)
    return formats.day(value, language) if isinstance(inner, fields.Date) else str(_worded(part, value, language))


def _is_id(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True


def _called_inside(part: Column, column: Column, language: str) -> str:
    """Return what a part is called within its own cell, whose heading says the rest."""
    outer = len(column.labels) if part.labels[: len(column.labels)] == column.labels else 0
    return part._replace(labels=part.labels[outer:]).called(language)
