"""What a transaction writes at its end: all of it with the commit, or none; one write for what many events changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from pymongo.errors import DuplicateKeyError

from shared.kernel import ids
from shared.storage import connection
from shared.storage.transaction import current_batch, in_new_transaction
from shared.storage.write_batch import MANY
from tests.support import toy
from tests.support.monitor import MONITOR

ROW = ids.new()


@pytest.fixture(autouse=True)
def _on_the_toy_store(store) -> None:
    store(toy.SERVICE)


@dataclass
class Count:
    stored: dict[str, Any]
    loads: int = 0

    def row(self) -> dict[str, Any]:
        return self.stored


def rows(collection: str) -> list[dict[str, Any]]:
    return list(connection.database()[collection].find({}))


def test_rows_of_several_collections_are_there_with_the_commit(every_write_in_a_transaction) -> None:
    def work() -> None:
        assert rows("effects") == []
        current_batch().add("effects", {"_id": 1})
        current_batch().add("effects", {"_id": 2})
        current_batch().replace("groups", {"_id": "g", "started_at": 1})
        current_batch().replace("groups", {"_id": "g", "started_at": 2})
        assert rows("effects") == []

    in_new_transaction(work)
    assert [row["_id"] for row in rows("effects")] == [1, 2]
    assert [row["started_at"] for row in rows("groups")] == [2]


def test_a_transaction_may_consist_of_last_writes_only(every_write_in_a_transaction) -> None:
    def work() -> None:
        current_batch().add("effects", {"_id": 1})
        current_batch().replace("groups", {"_id": "g", "started_at": 1})

    in_new_transaction(work)
    assert (len(rows("effects")), len(rows("groups"))) == (1, 1)


@pytest.mark.parametrize(("many", "commands"), [(2, 1), (MANY, 2), (40, 2)])
def test_many_rows_of_a_collection_go_by_themselves_and_the_rest_together(
    many: int, commands: int, every_write_in_a_transaction
) -> None:
    def work() -> None:
        rows("effects")
        for number in range(many):
            current_batch().add("effects", {"_id": number})
        for number in range(2):
            current_batch().replace("groups", {"_id": f"g{number}", "started_at": 1})
        current_batch().replace("groups", {"_id": "g0", "started_at": 2})

    in_new_transaction(work)
    assert MONITOR.writes == commands
    assert (len(rows("effects")), [row["started_at"] for row in rows("groups")]) == (many, [2, 1])


@pytest.mark.parametrize("many", [1, MANY])
def test_a_row_that_is_new_is_inserted_as_it_stands_at_the_end(many: int) -> None:
    def work() -> None:
        rows("effects")
        for number in range(many):
            current_batch().replace("groups", {"_id": f"g{number}", "started_at": 1}, new=True)
        current_batch().replace("groups", {"_id": "g0", "started_at": 2})

    in_new_transaction(work)
    assert [row["started_at"] for row in rows("groups")] == [2, *[1] * (many - 1)]
    with pytest.raises(DuplicateKeyError):
        in_new_transaction(work)


@pytest.mark.parametrize("others", [0, 1])
def test_an_id_that_is_taken_is_said_as_such_and_nothing_stays(others: int) -> None:
    in_new_transaction(lambda: current_batch().add("effects", {"_id": 1}))

    def work() -> None:
        rows("groups")
        for number in range(others):
            current_batch().add("groups", {"_id": f"g{number}"})
        current_batch().add("effects", {"_id": 1})

    with pytest.raises(DuplicateKeyError):
        in_new_transaction(work)
    assert rows("groups") == []


def test_what_is_held_is_loaded_once_changed_often_and_written_once() -> None:
    in_new_transaction(lambda: current_batch().add("effects", {"_id": ROW, "seen": 5}))
    loads = []

    def load() -> Count:
        loads.append(1)
        return Count(connection.database()["effects"].find_one({"_id": ROW}))

    def work() -> None:
        for _ in range(3):
            current_batch().load_once("effects", ROW, load).stored["seen"] += 1

    in_new_transaction(work)
    assert (rows("effects"), len(loads)) == ([{"_id": ROW, "seen": 8}], 1)


def test_what_is_held_goes_with_a_transaction_that_fails() -> None:
    in_new_transaction(lambda: current_batch().add("effects", {"_id": ROW, "seen": 5}))

    def work() -> None:
        current_batch().load_once("effects", ROW, lambda: Count({"_id": ROW, "seen": 6}))
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        in_new_transaction(work)
    assert rows("effects") == [{"_id": ROW, "seen": 5}]
