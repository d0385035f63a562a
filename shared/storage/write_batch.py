"""Collects what a transaction has still to write when its work is done, and sends it in one command.

Nobody reads these rows from the store before the commit: events, cursors, kept answers, the rows of projections, which are
held here while many events change them. On the embedded store each command costs more than the few rows it carries; of
many rows of one collection each costs about half in a command of their own, since its indexes are looked up once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol, TypeVar

from pymongo import InsertOne, ReplaceOne
from pymongo.client_session import ClientSession
from pymongo.errors import BulkWriteError, ClientBulkWriteException, DuplicateKeyError, PyMongoError

from shared.storage import connection

Row = dict[str, Any]
Write = InsertOne[Row] | ReplaceOne[Row]
Made = Callable[[str | None], Write]
"""Makes a write for a namespace, or for the collection whose `bulk_write` it is given to."""
MANY = 5  # new rows of one collection that are cheaper in a command of their own
DUPLICATE = 11000  # the server's code for an id or a unique value that is taken


class Tracked(Protocol):
    """A row that is changed by several events of a transaction and written once."""

    def row(self) -> Row:
        """Return the row as it is stored, with its `_id`."""
        ...


H = TypeVar("H", bound=Tracked)


@dataclass(slots=True)
class WriteBatch:
    added: list[tuple[str, Row]] = field(default_factory=list)
    replaced: dict[tuple[str, Any], Row] = field(default_factory=dict)
    held: dict[tuple[str, Any], Any] = field(default_factory=dict)
    new: set[tuple[str, Any]] = field(default_factory=set)

    def add(self, collection: str, row: Row) -> None:
        """Insert a row; the transaction raises `DuplicateKeyError` when there is one with its id."""
        self.added.append((collection, row))

    def replace(self, collection: str, row: Row, *, new: bool = False) -> None:
        """Replace the row with its id, if there is one; of two in one transaction the later stands.

        `new` says that there cannot be one, which spares the store the search.
        """
        self.replaced[collection, row["_id"]] = row
        if new:
            self.new.add((collection, row["_id"]))

    def load_once(self, collection: str, row_id: Any, load: Callable[[], H]) -> H:
        """Return what lies under an id, loaded once in this transaction and written once at its end."""
        place = (collection, row_id)
        if place not in self.held:
            self.held[place] = load()
        return self.held[place]  # type: ignore[no-any-return]

    @property
    def collections(self) -> frozenset[str]:
        return frozenset(name for name, _ in [*self.added, *self.replaced, *self.held])

    def write(self, session: ClientSession) -> None:
        """Send everything: many new rows of a collection by themselves, the rest in one command where that is possible,
        since the embedded store refuses it to begin a transaction.
        """
        writes, database = self._writes(), connection.database()
        apart = self._separate_collections(writes, starting=session._starting_transaction)  # noqa: SLF001
        rest = [made(f"{database.name}.{name}") for name, made in writes if name not in apart]
        try:
            for collection in apart:
                database[collection].bulk_write([made(None) for name, made in writes if name == collection])
            if rest:
                connection.client().bulk_write(rest)
        except (BulkWriteError, ClientBulkWriteException) as wrapped:
            raise _server_error(wrapped) from wrapped

    def _separate_collections(self, writes: list[tuple[str, Made]], *, starting: bool) -> list[str]:
        """Choose the collections whose rows go in a command of their own."""
        if starting:
            return list(dict.fromkeys(name for name, _ in writes))
        added = Counter([name for name, _ in self.added] + [name for name, _ in self.new])
        apart = [name for name, count in added.items() if count >= MANY]
        rest = [name for name, _ in writes if name not in apart]
        return [*apart, *rest] if len(rest) == 1 else apart

    def _writes(self) -> list[tuple[str, Made]]:
        made: list[tuple[str, Made]] = []
        made += [(name, partial(_replace, tracked.row())) for (name, _), tracked in self.held.items()]
        made += [
            (place[0], partial(_insert if place in self.new else _replace, row)) for place, row in self.replaced.items()
        ]
        made += [(name, partial(_insert, row)) for name, row in self.added]
        return made


def _insert(row: Row, namespace: str | None) -> Write:
    return InsertOne(row, namespace=namespace)


def _replace(row: Row, namespace: str | None) -> Write:
    return ReplaceOne({"_id": row["_id"]}, row, upsert=True, namespace=namespace)


def _server_error(wrapped: BulkWriteError | ClientBulkWriteException) -> PyMongoError:
    """Find the server's own error: its label says whether to try again, its code whether an id was taken."""
    details: Any = wrapped.details or {}
    if isinstance(details.get("error"), PyMongoError):
        return details["error"]  # type: ignore[no-any-return]
    for error in details.get("writeErrors") or []:
        if error.get("code") == DUPLICATE:
            return DuplicateKeyError(error["errmsg"], DUPLICATE, dict(error))
    return wrapped
