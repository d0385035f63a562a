"""A store that lives and does not work is away: nobody is blamed for it, and clients are told to come again."""

from __future__ import annotations

import psutil
import pytest
from pymongo.errors import OperationFailure, PyMongoError

from shared.storage import connection
from shared.storage.transaction import in_new_transaction
from shared.web.api.problems import problem_of
from tests.support.engines import Engines, environment


def test_a_store_that_panicked_is_away_and_one_that_calls_an_error_its_own_is_not() -> None:
    engines = Engines()
    engines.start(broker=False)
    (store,) = engines._children
    try:
        with environment(SCORE_MONGO_URL=engines.store_url, SCORE_DATABASE_PREFIX="broken"):
            connection.connect("toy")
            rows = connection.database().create_collection("rows")
            connection.database().create_collection("leases")
            in_new_transaction(lambda: rows.insert_one({"_id": 1}))
            connection.require_working()
            own = OperationFailure("internal server error", 1)
            assert not connection.is_away(own), "it works: the error is about that request alone"
            assert connection.is_to_blame(own), "a loop goes on all the same"
            assert not connection.is_to_blame(OperationFailure("a fault of the request", 2))
            assert problem_of(own).status == 500

            psutil.Process(store.pid).rlimit(psutil.RLIMIT_FSIZE, (0, 0))
            with pytest.raises(PyMongoError) as failed:
                rows.insert_one({"_id": 2})
            assert connection.client().admin.command("ping")["ok"] == 1
            assert connection.is_away(failed.value)
            assert connection.is_away(own)
            assert problem_of(own).status == 503
            with pytest.raises(PyMongoError):
                connection.require_working()
            connection.disconnect()
    finally:
        engines.stop()
