"""What a transaction has still to write when its work is done: collected, folded, and sent in one command.

Nobody reads these rows before the commit, the transaction included: facts, cursors, kept answers, projections that only
add up. On the embedded store each command costs more than the rows it carries.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from pymongo import InsertOne, ReplaceOne, UpdateOne
from pymongo.client_session import ClientSession
from pymongo.errors import BulkWriteError, ClientBulkWriteException, DuplicateKeyError, PyMongoError

from shared.storage import connection

Row = dict[str, Any]
Write = InsertOne[Row] | ReplaceOne[Row] | UpdateOne
Made = Callable[[str | None], Write]
"""Makes a write for a namespace, or for the collection whose `bulk_write` it is given to."""
DUPLICATE = 11000  # the server's code for an id or a unique value that is taken


@dataclass(slots=True)
class Folded:
    """What several events of a transaction change in one row."""

    values: Row = field(default_factory=dict)
    sums: dict[str, int] = field(default_factory=dict)

    @property
    def change(self) -> Row:
        return {operator: fields for operator, fields in (("$set", self.values), ("$inc", self.sums)) if fields}


@dataclass(slots=True)
class Unit:
    added: list[tuple[str, Row]] = field(default_factory=list)
    replaced: dict[tuple[str, Any], Row] = field(default_factory=dict)
    folded: dict[tuple[str, Any], Folded] = field(default_factory=dict)

    def add(self, collection: str, row: Row) -> None:
        """A new row; the transaction raises `DuplicateKeyError` when there is one with its id."""
        self.added.append((collection, row))

    def replace(self, collection: str, row: Row) -> None:
        """A row in place of the one with its id, if there is one; of two in one transaction the later stands."""
        self.replaced[collection, row["_id"]] = row

    def fold(self, collection: str, row_id: Any, values: Mapping[str, Any], sums: Mapping[str, int]) -> None:
        """Set fields of a row that may not exist and add to others; what several events say of it is one write."""
        row = self.folded.setdefault((collection, row_id), Folded())
        row.values.update(values)
        for name, by in sums.items():
            row.sums[name] = row.sums.get(name, 0) + by

    def write(self, session: ClientSession) -> None:
        """Send everything, in one command where that is possible: the embedded store refuses it to begin a transaction."""
        writes, database = self._writes(), connection.database()
        try:
            if len(writes) == 1 or session._starting_transaction:  # noqa: SLF001
                for collection in dict.fromkeys(name for name, _ in writes):
                    database[collection].bulk_write([made(None) for name, made in writes if name == collection])
            elif writes:
                connection.client().bulk_write([made(f"{database.name}.{name}") for name, made in writes])
        except (BulkWriteError, ClientBulkWriteException) as wrapped:
            raise _cause(wrapped) from wrapped

    def _writes(self) -> list[tuple[str, Made]]:
        made: list[tuple[str, Made]] = []
        made += [(name, partial(_update, row_id, row.change)) for (name, row_id), row in self.folded.items()]
        made += [(name, partial(_replace, row)) for (name, _), row in self.replaced.items()]
        made += [(name, partial(_insert, row)) for name, row in self.added]
        return made


def _insert(row: Row, namespace: str | None) -> Write:
    return InsertOne(row, namespace=namespace)


def _replace(row: Row, namespace: str | None) -> Write:
    return ReplaceOne({"_id": row["_id"]}, row, upsert=True, namespace=namespace)


def _update(row_id: Any, change: Row, namespace: str | None) -> Write:
    return UpdateOne({"_id": row_id}, change, upsert=True, namespace=namespace)


def _cause(wrapped: BulkWriteError | ClientBulkWriteException) -> PyMongoError:
    """The server's own error: its label says whether to try again, its code whether an id was taken."""
    details: Any = wrapped.details or {}
    if isinstance(details.get("error"), PyMongoError):
        return details["error"]  # type: ignore[no-any-return]
    for error in details.get("writeErrors") or []:
        if error.get("code") == DUPLICATE:
            return DuplicateKeyError(error["errmsg"], DUPLICATE, dict(error))
    return wrapped
