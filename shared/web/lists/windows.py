"""Reads the rows of a list in the order of an indexed time, in two-sided windows.

A store that does not push `limit` down pays for every match of a query, so the first hundred of many rows would cost as
much as all of them. Windows widen until the page is full: what is read follows the page and not the collection. They are
used where an index serves them, which is a list without other filters in the order of a time; every other list costs
what it matches. A page that crosses a long pause reads the whole of what was written at the end of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import mongoengine

from shared.kernel import clock
from shared.storage import connection
from shared.storage.migrations import LEDGER
from shared.web.lists.pagination import Cursor, Order

FIRST_WIDTH: Final = timedelta(seconds=1)
GROWTH: Final = 4
EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(9999, 1, 1, tzinfo=UTC)
TICK: Final = timedelta(milliseconds=1)  # the store's times have no finer parts
Window = tuple[datetime, datetime]
Made = Callable[[mongoengine.QuerySet], list[Any]]


def next_rows(
    rows: mongoengine.QuerySet,
    order: Order,
    cursor: Cursor | None,
    most: int,
    made: Made = list,
    *,
    changed_since: datetime | None = None,
) -> list[Any]:
    """Return up to `most` rows behind the cursor, in order, made by `made`: documents where nothing is given.

    `changed_since` leaves out rows that did not change after it; in the order of changes the first window begins there.
    """
    begins_there = changed_since is not None and (order.field, order.descending) == ("updated_at", False)
    in_windows = _is_indexed(rows, order) and (changed_since is None or begins_there)
    if changed_since is not None and not in_windows:
        rows = rows.filter(updated_at__gte=changed_since)
    ordered = rows.order_by(*order.keys)
    if not in_windows:
        behind = ordered if cursor is None else ordered.filter(__raw__=order.after(cursor))
        return made(behind.limit(most))
    page: list[Any] = []
    for condition in conditions(order, cursor, changed_since):
        page += made(ordered.filter(__raw__=condition).limit(most - len(page)))
        if len(page) >= most:
            break
    return page


def windows(*, descending: bool, start: datetime, now: datetime) -> Iterator[Window]:
    """Yield windows from `start` to the end of time in one direction, each wider than the last, without gap or overlap."""
    width = FIRST_WIDTH
    if descending:
        if start > now:
            yield now, start
            start = now
        while start > EARLIEST:
            low = max(EARLIEST, start - min(width, start - EARLIEST))
            yield low, start
            start, width = low, width * GROWTH
        return
    while start < now:
        high = min(now, start + width)
        yield start, high
        start, width = high, width * GROWTH
    yield start, LATEST


def conditions(order: Order, cursor: Cursor | None, since: datetime | None = None) -> Iterator[dict[str, Any]]:
    """Yield the store's filters for the rows behind a cursor, or not before a moment, one narrow part after the other."""
    if cursor is not None and isinstance(cursor.value, datetime) and (since is None or cursor.value >= since):
        comparison = "$lt" if order.descending else "$gt"
        yield {order.field: cursor.value, "_id": {comparison: cursor.row_id}}
        start = cursor.value if order.descending else cursor.value + TICK
    elif order.descending:
        start = LATEST
    elif since is not None:
        start = since
    else:
        start = _store_made_at()
        yield {order.field: {"$gte": EARLIEST, "$lt": start}}
    for low, high in windows(descending=order.descending, start=start, now=clock.now()):
        yield {order.field: {"$gte": low, "$lt": high}}


def _store_made_at() -> datetime:
    """Return when the store was made: hardly any row is older."""
    applied_at = [row["applied_at"] for row in connection.database()[LEDGER].find({}, {"applied_at": 1})]
    return min(applied_at, default=EARLIEST)


def _is_indexed(rows: mongoengine.QuerySet, order: Order) -> bool:
    """Return whether an index holds the query's rows in this order: by the time alone, or by one equal value and the time."""
    document = rows._document  # noqa: SLF001
    query = rows._query  # noqa: SLF001
    plain = not any(key.startswith("$") or isinstance(value, (dict, list)) for key, value in query.items())
    needed_index = (*query, order.field)
    of_time = isinstance(document._fields.get(order.field), mongoengine.DateTimeField)
    indexed = any(tuple(model.document["key"]) == needed_index for model in getattr(document, "INDEXES", ()))
    return of_time and plain and indexed
