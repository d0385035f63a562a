"""One client per process, made after any fork, with limits on every wait.

A silent server is an error after `mongo_socket_ms`, never a hang. The write concern is set on transactions (majority,
journalled), not here: PyMongo would send it along with commands of a bound session, which the server refuses. `database()`
is the store of the service that this process runs.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import mongoengine
from mongoengine.connection import get_connection, get_db
from pymongo import MongoClient, WriteConcern, timeout
from pymongo.database import Database
from pymongo.errors import ConnectionFailure, ExecutionTimeout, OperationFailure, PyMongoError, WTimeoutError

from shared.kernel import ids
from shared.kernel.settings.current import settings

PROBE_SECONDS = 2.0
OWN_ERRORS = (1, 8, 14031)  # internal error, unknown error, out of disk space


def connect(service: str) -> None:
    """Connect this process to the store of a service; a second call replaces the first."""
    disconnect()
    config = settings(service)
    mongoengine.connect(
        db=f"{config.database_prefix}_{service}",
        host=config.mongo_url,
        uuidRepresentation="standard",
        tz_aware=True,
        connect=False,
        appname=f"score-{service}",
        maxPoolSize=config.mongo_pool,
        socketTimeoutMS=config.mongo_socket_ms,
        serverSelectionTimeoutMS=config.mongo_select_ms,
        connectTimeoutMS=config.mongo_select_ms,
        retryWrites=True,
    )


def disconnect() -> None:
    mongoengine.disconnect()
    pending = [mongoengine.Document]
    while pending:  # mongoengine knows documents by name, so of two services' namesakes it would forget one
        document = pending.pop()
        document._disconnect()  # noqa: SLF001
        pending += document.__subclasses__()


def client() -> MongoClient[dict[str, Any]]:
    return get_connection()  # type: ignore[no-any-return]


def database() -> Database[dict[str, Any]]:
    return get_db()  # type: ignore[no-any-return]


def require_working() -> None:
    """Raise pymongo's error when the store does not write and read a row: one whose disk was full still answers a ping."""
    row = {"_id": f"probe {ids.new()}"}
    with timeout(PROBE_SECONDS), client().start_session() as session:
        rows = database()["leases"]
        with session.start_transaction(write_concern=WriteConcern("majority", j=True)):
            rows.insert_one(row, session=session)
            rows.find_one(row, session=session)
            rows.delete_one(row, session=session)


def server_time() -> datetime:
    """Read the store's clock: the only one that all processes share. It may go back: nothing is owned by it."""
    now: datetime = client().admin.command("hello")["localTime"]
    return now if now.tzinfo else now.replace(tzinfo=UTC)


def is_away(error: BaseException) -> bool:
    """Return whether an error says that the store does not answer, or work, rather than that the request is wrong.

    A store that calls an error its own is asked: where it does something else, the error is about that request alone.
    """
    unreachable = isinstance(error, ConnectionFailure | ExecutionTimeout | WTimeoutError)
    timed_out = isinstance(error, PyMongoError) and error.timeout
    return unreachable or timed_out or (_is_its_own(error) and not _works())


def is_to_blame(error: BaseException) -> bool:
    """Return whether an error is the store's, after which a loop rests and goes on: it is away, or calls the error its own.

    By the time that it is asked it may work again, so here it is taken at its word.
    """
    return _is_its_own(error) or is_away(error)


def _is_its_own(error: BaseException) -> bool:
    return isinstance(error, OperationFailure) and error.code in OWN_ERRORS


def _works() -> bool:
    try:
        require_working()
    except PyMongoError:
        return False
    return True
