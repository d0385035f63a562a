"""Finds the columns of a schema: a column is a field, `headcount.women` for one of a nested object."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, NamedTuple, TypeVar

from marshmallow import Schema, fields

from shared.i18n.catalogues import catalogues
from shared.i18n.labels import Label
from shared.reference.field_labels import CODES, FIELDS

T = TypeVar("T")


class OneCell:
    """A nested field that is typed into one cell, as an amount of money is."""


class Labelled:
    """A schema with labels for its fields, also for those of nested objects: `net.amount`, or `amount` for every one.

    A subclass adds to what its parents say. `CODES` has the labels of the codes that a field can hold.
    """

    LABELS: ClassVar[Mapping[str, str]] = {}
    CODES: ClassVar[Mapping[str, Mapping[str, Label]]] = {}


class Column(NamedTuple):
    """One column of a sheet: where its value stands in a row, and the field that says of which type it is.

    `labels` are those of its field, behind those of the objects around it; `codes` what its codes are called; `parts` the
    columns that each object has, where its value is a list of them.
    """

    key: str
    field: fields.Field[Any]
    labels: tuple[str, ...] = ()
    codes: Mapping[str, Label] = {}
    parts: tuple[Column, ...] = ()

    def called(self, language: str, instead: Mapping[str, str] | None = None) -> str:
        """Return the column's heading in words; `Headcount: women` where it is part of an object. `instead` has other words."""
        others_words = instead or {}
        first, *others = (others_words.get(label) or catalogues().gettext(language, label) for label in self.labels)
        return ": ".join([first, *(_inside(label) for label in others)])


def columns_of(schema: Schema, *, loading: bool = False) -> Iterator[Column]:
    """Yield the columns of what a schema gives out, or of what it takes in, in the schema's order.

    What is taken in has no columns for lists of objects, and of a nested field that is `OneCell` one.
    """
    yield from _columns(schema, "", (), labels_of(schema), codes_of(schema), loading=loading)


def labels_of(schema: Schema, outer: Mapping[str, str] = FIELDS) -> Mapping[str, str]:
    """Return the labels of a schema's fields by their names; `outer` has those of fields that the schema does not name."""
    return _declared(schema, "LABELS", outer)


def codes_of(schema: Schema, outer: Mapping[str, Mapping[str, Label]] = CODES) -> Mapping[str, Mapping[str, Label]]:
    """Return what the codes are called that a schema's fields hold, by their names as for labels."""
    return _declared(schema, "CODES", outer)


def _declared(schema: Schema, attribute: str, outer: Mapping[str, T]) -> Mapping[str, T]:
    declared = (vars(kind).get(attribute) for kind in type(schema).__mro__ if issubclass(kind, Labelled))
    return ChainMap(*(dict(named) for named in declared if named), dict(outer))


def _inside(label: str) -> str:
    """Return a label as it goes on within a heading: a small letter first, unless it is an abbreviation."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def _columns(
    schema: Schema,
    prefix: str,
    outer: tuple[str, ...],
    labels: Mapping[str, str],
    codes: Mapping[str, Mapping[str, Label]],
    *,
    loading: bool,
) -> Iterator[Column]:
    for name, field in (schema.load_fields if loading else schema.dump_fields).items():
        leaf = field.data_key or name
        key = prefix + leaf
        heading = (labels[key],) if key in labels else (*outer, labels.get(leaf, leaf.replace("_", " ").capitalize()))
        if _is_list_of_objects(field):
            if not loading:  # a cell can show them, and nobody can type them
                inner = _object_of(field)
                around = (labels_of(inner, labels), codes_of(inner, codes))
                parts = tuple(_columns(inner, f"{key}.", heading, *around, loading=loading))
                yield Column(key, field, heading, parts=parts)
        elif isinstance(field, fields.Nested) and not (loading and isinstance(field, OneCell)):
            around = (labels_of(field.schema, labels), codes_of(field.schema, codes))
            yield from _columns(field.schema, f"{key}.", heading, *around, loading=loading)
        else:
            yield Column(key, field, heading, codes.get(key) or codes.get(leaf) or {})


def _object_of(field: fields.Field[Any]) -> Schema:
    nested = field.inner if isinstance(field, fields.List) else field
    schema: Schema = nested.schema  # type: ignore[attr-defined]
    return schema


def _is_list_of_objects(field: fields.Field[Any]) -> bool:
    if isinstance(field, fields.Nested):
        return bool(field.many)
    return isinstance(field, fields.List) and isinstance(field.inner, fields.Nested)
