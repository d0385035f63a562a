"""Cursors come back as they were; made up ones are refused."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.web.errors import Malformed
from shared.web.lists.pagination import Cursor, Order
from tests.support.known_ids import ROW

ORDERS = [Order("created_at", "created_at"), Order("title", "title", descending=True), Order("id", "id")]

VALUES = st.text(max_size=40) | st.integers(-(2**63) + 1, 2**63 - 1) | st.uuids() | st.datetimes(timezones=st.just(UTC))


@given(VALUES, st.uuids(), st.sampled_from(ORDERS))
def test_a_cursor_comes_back_as_it_was(value: Any, row_id: UUID, order: Order) -> None:
    text = Cursor(value, row_id).encode(order)
    assert re.fullmatch(r"[A-Za-z0-9_-]+", text)
    assert Cursor.decode(text, order) == Cursor(value, row_id)


@given(st.text(max_size=80) | VALUES.map(lambda v: Cursor(v, ROW).encode(ORDERS[0])[:-1] + "A"))
def test_a_made_up_cursor_is_named_or_harmless(text: str) -> None:
    cursor, parameter = None, None
    try:
        cursor = Cursor.decode(text, ORDERS[0])
    except Malformed as refused:
        parameter = refused.errors[0].parameter
    assert parameter == "cursor" or (cursor and isinstance(cursor.value, (str, int, UUID, datetime)))


@pytest.mark.parametrize("packed", [
    ["title", "text", {"$gt": ""}, str(ROW)], ["created_at", "text", ["a"], str(ROW)], ["created_at", "number", True, str(ROW)],
    ["created_at", "code", "x", str(ROW)], ["created_at", "number", 2**70, str(ROW)], ["created_at", "text", "a"], {}, 5,
    ["created_at", "moment", "2026-11-24", str(ROW)], ["-created_at", "text", "a", str(ROW)],
])  # fmt: skip
def test_a_forged_cursor_is_refused(packed: Any) -> None:
    from base64 import urlsafe_b64encode

    text = urlsafe_b64encode(json.dumps(packed, separators=(",", ":")).encode()).rstrip(b"=").decode()
    with pytest.raises(Malformed):
        Cursor.decode(text, ORDERS[0])
