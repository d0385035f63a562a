"""A scope and a query as one condition: both hold, and the store reads by what leaves fewest rows."""

from __future__ import annotations

from shared.storage.row_scope import within

SCOPE = {"provider_id": "p"}


def test_an_id_stands_before_the_scope_and_everything_else_behind_it() -> None:
    assert list(within(SCOPE, {"_id": 1})) == ["_id", "provider_id"]
    assert list(within(SCOPE, {"state": "x", "_id": {"$in": [1, 2]}})) == ["state", "_id", "provider_id"]
    assert list(within(SCOPE, {"state": "x"})) == ["provider_id", "state"]


def test_both_hold_where_they_speak_of_the_same_field() -> None:
    assert within(SCOPE, {"provider_id": "q"}) == {"$and": [SCOPE, {"provider_id": "q"}]}
    assert within(SCOPE, {"provider_id": "p", "state": "x"}) == {"provider_id": "p", "state": "x"}
    assert within({"_id": 1}, {"_id": {"$in": [1]}}) == {"$and": [{"_id": 1}, {"_id": {"$in": [1]}}]}
