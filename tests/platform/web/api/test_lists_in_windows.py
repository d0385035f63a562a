"""The default order of a list, read in windows, holds every row once, whatever the pauses between rows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.enrollment.enterprises.model import Enterprise
from shared.kernel import clock
from shared.kernel.context import acting_as
from shared.storage import connection
from shared.web.lists.pagination import Cursor, Order
from shared.web.lists.windows import _is_indexed, next_rows
from tests.support import factories
from tests.support.factories import ALPHA, BETA, STAFF
from tests.support.fixture_types import Stores

# seconds before now: pauses of years, rows of one instant, a row of tomorrow, one older than the store
PAUSES = (-86_400, 0, 0, 0, 1, 5, 5, 3_600, 3_601, 86_400 * 400, 86_400 * 4_000)


@pytest.fixture
def dated(store: Stores) -> list[Enterprise]:
    store("enrollment")
    with acting_as(STAFF):
        for owner in (ALPHA, BETA):
            factories.institution(owner)
        made = [factories.enterprise(owner) for owner in (ALPHA, BETA) for _ in PAUSES]
        now = clock.now().replace(microsecond=0)
        for enterprise, pause in zip(made, PAUSES * 2, strict=True):
            at = {"$set": {"created_at": now - timedelta(seconds=pause)}}
            connection.database()["enterprises"].update_one({"_id": enterprise.id}, at)
        return made


@pytest.mark.parametrize("limit", [1, 2, 3, 50])
@pytest.mark.parametrize("descending", [True, False])
def test_every_row_is_on_one_page(dated: list[Enterprise], limit: int, descending: bool) -> None:
    order = Order("created_at", "created_at", descending=descending)
    for principal in (STAFF, factories.provider(ALPHA)):
        with acting_as(principal):
            assert _is_indexed(Enterprise.objects, order)
            whole = [row.id for row in Enterprise.objects.order_by(*order.keys)]
            assert len(whole) == len(PAUSES) * (2 if principal is STAFF else 1)
            assert _paged(order, limit) == whole


def _paged(order: Order, limit: int) -> list[Any]:
    found: list[Any] = []
    cursor = None
    while rows := next_rows(Enterprise.objects, order, cursor, limit):
        shown = [row.id for row in rows]
        assert not set(shown) & set(found), "a row is shown twice"
        found += shown
        cursor = Cursor(rows[-1].created_at, rows[-1].id)
    return found


def test_only_what_an_index_serves_is_read_in_windows(dated: list[Enterprise]) -> None:
    order = Order("created_at", "created_at")
    with acting_as(STAFF):
        assert not _is_indexed(Enterprise.objects(province="ID-JT"), order)
        assert not _is_indexed(Enterprise.objects, Order("id", "id"))
        assert not _is_indexed(Enterprise.objects(created_at__gte=clock.now()), order)
        narrowed = next_rows(Enterprise.objects(province="ID-BA"), order, None, 5)
    assert narrowed == []
