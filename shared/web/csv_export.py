"""A list as CSV for spreadsheets: streamed, UTF-8 with a byte order mark, one column per field, nested ones flattened.

No cell can become a formula: a text that starts with `= + - @`, a tab or a line break, or the full-width forms of
these, gets a leading apostrophe. Numbers stay numbers, since they are numbers in the schema and not in the text.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from flask import Response
from marshmallow import Schema

from shared.runtime import clock
from shared.web.columns import Column, columns_of

DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
ZONE: Final = "Asia/Jakarta"  # the day in the file's name
_ROWS_PER_CHUNK: Final = 200


def csv_response(
    name: str, row: Schema, rows: Iterator[Mapping[str, Any]], delimiter: str = ",", language: str | None = None
) -> Response:
    """The first rows are read before the headers go out, so that a failure there is still a problem document.

    Headings are words of a language, or the names of the fields where none is given.
    """
    chunks = _chunks(list(columns_of(row)), rows, delimiter, language)
    first = next(chunks)
    response = Response(_chain(first, chunks), content_type="text/csv; charset=utf-8; header=present")
    filename = f"score-{name.replace('_', '-')}-{clock.today(ZONE).isoformat()}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def cell(value: Any) -> Any:
    """A value as it may stand in a spreadsheet."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return value
    if isinstance(value, (list, tuple)):
        return cell(" ".join(str(cell(item)) for item in value))
    text = str(value)
    return f"'{text}" if text.startswith(DANGEROUS) else text


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
            yield _emptied(buffer)
    yield _emptied(buffer)


def flattened(row: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in row.items():
        if isinstance(value, Mapping):
            yield from flattened(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value


def _emptied(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest
