"""A store that stalls longer than a transaction may take leaves no row locked behind it."""

from __future__ import annotations

import os
import signal
import time

import pytest
from pymongo.errors import PyMongoError

from shared.storage import connection
from shared.storage.transaction import in_new_transaction
from tests.support.engines import Engines, environment

LOCKED_FOR = 60.0  # seconds, by itself


def test_rows_are_free_soon_after_the_store_is_back() -> None:
    engines = Engines()
    engines.start(broker=False)
    (store,) = engines._children
    try:
        with environment(
            SCORE_MONGO_URL=engines.store_url, SCORE_DATABASE_PREFIX="stalled", SCORE_TRANSACTION_SECONDS="2"
        ):
            connection.connect("toy")
            rows = connection.database().create_collection("rows")
            in_new_transaction(lambda: rows.insert_one({"_id": 1, "n": 0}))

            def stalled() -> None:
                rows.update_one({"_id": 1}, {"$inc": {"n": 1}})
                os.killpg(store.pid, signal.SIGSTOP)
                os.waitid(os.P_PID, store.pid, os.WSTOPPED | os.WNOWAIT)  # until then it may still answer
                rows.find_one({"_id": 1})

            with pytest.raises(PyMongoError):
                in_new_transaction(stalled)
            os.killpg(store.pid, signal.SIGCONT)
            back_at = time.monotonic()
            while rows.find_one({"_id": 1})["n"] != 10:
                try:
                    in_new_transaction(lambda: rows.update_one({"_id": 1}, {"$set": {"n": 10}}))
                except PyMongoError:
                    assert time.monotonic() - back_at < LOCKED_FOR / 2, "locked until the store gave the transaction up"
            connection.disconnect()
    finally:
        engines.stop()
