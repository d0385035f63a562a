"""Writes a value as it may stand in a cell.

No cell can become a formula: a text that starts with `= + - @`, a tab or a line break, or the full-width forms of
these, gets a leading apostrophe. Numbers stay numbers, since they are numbers in the schema and not in the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import orjson

DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


def cell(value: Any) -> Any:
    """Return a value as it may stand in a spreadsheet."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return value
    if isinstance(value, (list, tuple)) and any(isinstance(item, Mapping) for item in value):
        return orjson.dumps(value).decode()
    if isinstance(value, (list, tuple)):
        return cell(" ".join(str(cell(item)) for item in value))
    text = str(value)
    return f"'{text}" if text.startswith(DANGEROUS) else text


def flattened(row: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in row.items():
        if isinstance(value, Mapping):
            yield from flattened(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value
