"""Lets a view read stored rows without making a document of each.

For a page of a hundred rows the making of documents costs more than reading them. A plain row answers the fields, the
properties and the methods of its document from the stored values; it cannot be changed or saved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any, Final

import mongoengine as me

BATCH: Final = 500  # rows in one answer of the store; its own choice is as many as fit into 16 MB
Stored = Mapping[str, Any]
Reader = Callable[[Stored], Any]


class PlainRow:
    """A stored row whose attributes are those of its document: `PlainRow(readers_of(Enterprise), row)`."""

    __slots__ = ("_readers", "_stored")

    def __init__(self, readers: Readers, stored: Stored) -> None:
        self._readers = readers
        self._stored = stored

    def __getattr__(self, name: str) -> Any:
        reader = self._readers.fields.get(name)
        if reader is not None:
            return reader(self._stored)
        return self._readers.bound(name, self)

    def stored_value(self, name: str, otherwise: Any) -> Any:
        """Return the value of a field; `otherwise` where the document has no field of that name."""
        reader = self._readers.fields.get(name)
        return otherwise if reader is None else reader(self._stored)

    def __getitem__(self, name: str) -> Any:
        """Return a field, as marshmallow asks first: so it never looks for an attribute that is not there."""
        return self.__getattr__(name)


class Readers:
    """Reads each field of a document from a stored row; everything else is taken from the class."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self.fields: dict[str, Reader] = {name: _reader(field) for name, field in document._fields.items()}

    def bound(self, name: str, row: PlainRow) -> Any:
        for kind in self._document.__mro__:
            if name in vars(kind):
                return vars(kind)[name].__get__(row, self._document)
        raise AttributeError(name)


@cache
def readers_of(document: Any) -> Readers:
    return Readers(document)


def plain_rows(rows: me.QuerySet) -> list[PlainRow]:
    return list(streamed_rows(rows))


def streamed_rows(rows: me.QuerySet) -> Iterator[PlainRow]:
    """Yield one row after the other: a query set keeps every row that was read from it, its cursor does not."""
    readers = readers_of(rows._document)  # noqa: SLF001
    return (PlainRow(readers, stored) for stored in rows.batch_size(BATCH)._cursor)  # noqa: SLF001


def _reader(field: Any) -> Reader:
    name, convert = field.db_field, _converter(field)
    if isinstance(field, me.ListField):
        return lambda stored: [] if (many := stored.get(name)) is None else convert(many) if convert else many
    if callable(field.default):
        return lambda stored: (
            field.default() if (value := stored.get(name)) is None else convert(value) if convert else value
        )
    if convert is None:
        default = field.default
        return (lambda stored: stored.get(name)) if default is None else (lambda stored: stored.get(name, default))
    return lambda stored: field.default if (value := stored.get(name)) is None else convert(value)


def _converter(field: Any) -> Callable[[Any], Any] | None:
    """Return what makes a field's value from the stored one; None where it stays as it is."""
    if isinstance(field, me.ListField):
        inner = _converter(field.field) if field.field is not None else None
        return None if inner is None else lambda many: [inner(item) for item in many]
    if isinstance(field, me.EmbeddedDocumentField):
        return lambda stored: PlainRow(readers_of(field.document_type), stored)
    if isinstance(field, me.DateField):
        return lambda day: day.date() if isinstance(day, datetime) else day
    return None
