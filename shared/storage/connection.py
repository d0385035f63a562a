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
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import ConnectionFailure, ExecutionTimeout, PyMongoError, WTimeoutError

from shared.kernel.settings.current import settings


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


def ping() -> None:
    """Raise pymongo's error when the store does not answer."""
    database().command("ping")


def server_time() -> datetime:
    """Read the store's clock: the only one that all processes share. It may go back: nothing is owned by it."""
    now: datetime = client().admin.command("hello")["localTime"]
    return now if now.tzinfo else now.replace(tzinfo=UTC)


def is_away(error: BaseException) -> bool:
    """Return whether an error says that the store does not answer, rather than that the request is wrong."""
    unreachable = isinstance(error, ConnectionFailure | ExecutionTimeout | WTimeoutError)
    return unreachable or (isinstance(error, PyMongoError) and error.timeout)
