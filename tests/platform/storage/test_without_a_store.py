"""What of the storage needs no store: indexes are told apart, nothing is written outside a transaction."""

from __future__ import annotations

import pytest

from shared.storage.indexes import _signature, index, unique
from shared.storage.transaction import OutsideTransaction, current_batch, in_transaction


def test_two_indexes_are_the_same_when_keys_and_promises_are() -> None:
    assert _signature(index("a", "-b").document) == _signature({"key": {"a": 1.0, "b": -1}, "name": "other", "v": 2})
    for other in (unique("a", "-b"), index("a", "b"), index("-b", "a"), index("a", "-b", sparse=True), index("a")):
        assert _signature(index("a", "-b").document) != _signature(other.document)
    assert _signature(index("a", unique=False).document) == _signature(index("a").document)
    assert _signature(index("a", expireAfterSeconds=5).document) != _signature(
        index("a", expireAfterSeconds=6).document
    )


def test_outside_a_transaction_there_is_nothing_to_write_to() -> None:
    assert not in_transaction()
    with pytest.raises(OutsideTransaction):
        current_batch()
