"""Pages a list by cursor: stable while rows are added, each row once, never a promise of totals.

A cursor is the sort value and the id of the last row, opaque to callers and read strictly: what does not decode to a
plain value for this very sort order is `Malformed`, naming `cursor`. It carries no authority; rows are scoped anyway.
Sort fields must be set on every row, since a store compares only values of one kind.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from flask import Request

from shared.kernel.errors import Fault
from shared.web.errors import Malformed

DEFAULT_LIMIT: Final = 50
MOST: Final = 100
LONGEST_CURSOR: Final = 600


@dataclass(frozen=True, slots=True)
class Order:
    """An order of rows: by a stored field, then by id. `name` is what callers write."""

    name: str
    field: str
    descending: bool = False

    @property
    def written(self) -> str:
        return f"-{self.name}" if self.descending else self.name

    @property
    def keys(self) -> tuple[str, ...]:
        sign = "-" if self.descending else "+"
        return (f"{sign}id",) if self.field in ("id", "_id") else (f"{sign}{self.field}", f"{sign}id")

    def after(self, cursor: Cursor) -> dict[str, Any]:
        """Return the store's filter for the rows behind a cursor."""
        comparison = "$lt" if self.descending else "$gt"
        if self.field in ("id", "_id"):
            return {"_id": {comparison: cursor.row_id}}
        return {
            "$or": [
                {self.field: {comparison: cursor.value}},
                {self.field: cursor.value, "_id": {comparison: cursor.row_id}},
            ]
        }


@dataclass(frozen=True, slots=True)
class Cursor:
    value: str | int | datetime | UUID
    row_id: UUID

    def encode(self, order: Order) -> str:
        kind, plain = _kind_and_value(self.value)
        packed = json.dumps([order.written, kind, plain, str(self.row_id)], separators=(",", ":"))
        return base64.urlsafe_b64encode(packed.encode()).rstrip(b"=").decode()

    @classmethod
    def decode(cls, text: str, order: Order) -> Cursor:
        try:
            packed = base64.b64decode(text[:LONGEST_CURSOR] + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            _, kind, plain, row_id = json.loads(packed)
            cursor = cls(_value_of_kind(kind, plain), UUID(row_id))
            faithful = cursor.encode(order) == text
        except (ValueError, TypeError, AttributeError, KeyError, RecursionError, OverflowError):
            faithful = False
        if not faithful:
            raise Malformed(errors=[Fault("cursor", parameter="cursor")])
        return cursor


def next_link(request: Request, cursor: str) -> str:
    """Return the `Link` to the next page: the same request with another cursor (RFC 8288)."""
    arguments: Mapping[str, str] = {**request.args.to_dict(), "cursor": cursor}
    return f'<{request.path}?{urlencode(arguments)}>; rel="next"'


def _kind_and_value(value: Any) -> tuple[str, Any]:
    if isinstance(value, datetime):
        return "moment", value.astimezone(UTC).isoformat()
    if isinstance(value, UUID):
        return "id", str(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return "number", value
    if isinstance(value, str):
        return "text", value
    raise TypeError(f"a list cannot be sorted by a {type(value).__name__}")


def _value_of_kind(kind: Any, plain: Any) -> Any:
    if kind == "number" and isinstance(plain, int) and not isinstance(plain, bool) and abs(plain) < 2**63:
        return plain
    readers: dict[str, Callable[[str], Any]] = {"text": str, "id": UUID, "moment": datetime.fromisoformat}
    if not isinstance(plain, str):
        raise TypeError("not a cursor")
    return readers[kind](plain)
