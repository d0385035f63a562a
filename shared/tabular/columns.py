"""Finds the columns of a schema: a column is a field, `headcount.women` for one of a nested object."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from marshmallow import Schema, fields

from shared.i18n.column_labels import label


class OneCell:
    """A nested field that is typed into one cell, as an amount of money is."""


class Column(NamedTuple):
    """One column of a sheet: where its value stands in a row, and the field that says of which type it is."""

    key: str
    field: fields.Field[Any]

    def called(self, language: str) -> str:
        return label(self.key, language)


def columns_of(schema: Schema, *, loading: bool = False) -> Iterator[Column]:
    """The columns of what a schema gives out, or of what it takes in, in the schema's order.

    What is taken in has no columns for lists of objects, and of a nested field that is `OneCell` one.
    """
    yield from _columns(schema, "", loading=loading)


def _columns(schema: Schema, prefix: str, *, loading: bool) -> Iterator[Column]:
    for name, field in (schema.load_fields if loading else schema.dump_fields).items():
        key = prefix + (field.data_key or name)
        if _is_list_of_objects(field):
            if not loading:  # a cell can show them, and nobody can type them
                yield Column(key, field)
        elif isinstance(field, fields.Nested) and not (loading and isinstance(field, OneCell)):
            yield from _columns(field.schema, f"{key}.", loading=loading)
        else:
            yield Column(key, field)


def _is_list_of_objects(field: fields.Field[Any]) -> bool:
    if isinstance(field, fields.Nested):
        return bool(field.many)
    return isinstance(field, fields.List) and isinstance(field.inner, fields.Nested)
