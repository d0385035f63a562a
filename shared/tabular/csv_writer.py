"""Writes a list as CSV for spreadsheets: streamed, UTF-8 with a byte order mark, a column per field, nested ones flat."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from flask import Response
from marshmallow import Schema

from shared.kernel import clock
from shared.reference.zones import WIB
from shared.tabular.cells import cell, flattened
from shared.tabular.columns import Column, columns_of

_ROWS_PER_CHUNK: Final = 200


def csv_response(
    name: str, row: Schema, rows: Iterator[Mapping[str, Any]], delimiter: str = ",", language: str | None = None
) -> Response:
    """Stream the rows; the first are read before the headers go out, so that a failure there is still a problem document.

    Headings are words of a language, or the names of the fields where none is given.
    """
    chunks = _chunks(list(columns_of(row)), rows, delimiter, language)
    first = next(chunks)
    response = Response(_chain(first, chunks), content_type="text/csv; charset=utf-8; header=present")
    filename = f"score-{name.replace('_', '-')}-{clock.today(WIB).isoformat()}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def _chunks(
    columns: Sequence[Column], rows: Iterable[Mapping[str, Any]], delimiter: str, language: str | None
) -> Iterator[bytes]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n")
    buffer.write("\ufeff")
    writer.writerow([column.called(language) if language else column.key for column in columns])
    for number, row in enumerate(rows, start=1):
        flat = dict(flattened(row))
        writer.writerow([cell(flat.get(column.key)) for column in columns])
        if number % _ROWS_PER_CHUNK == 0:
            yield _take_text(buffer)
    yield _take_text(buffer)


def _take_text(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest
