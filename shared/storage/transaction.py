"""One transaction per command or handler: state, cursor, events and the idempotency row commit together or not at all.

`@transactional` joins an outer transaction when there is one. Otherwise it opens a session, binds it (so that every
mongoengine and PyMongo call in this context takes part) and runs the function, again from the start when the server
reports a transient conflict. The function must therefore have no effect outside the store. What nobody reads before the
commit is collected (`write_batch`) and written just before it.
"""

from __future__ import annotations

import functools
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any, ParamSpec, Protocol, Self, TypeVar
from weakref import WeakSet

import pymongo
from mongoengine.errors import OperationError
from pymongo import MongoClient
from pymongo.client_session import ClientSession
from pymongo.errors import DuplicateKeyError, PyMongoError
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from shared.kernel import failpoints
from shared.kernel.settings.current import settings
from shared.observability import metrics
from shared.storage import connection
from shared.storage.write_batch import WriteBatch

P = ParamSpec("P")
T = TypeVar("T")

MAJORITY = WriteConcern(w="majority", j=True)
SNAPSHOT = ReadConcern("snapshot")


class OutsideTransaction(RuntimeError):
    """A write that must commit with others was tried on its own."""


class Nested(RuntimeError):
    """A second transaction was begun inside one: what it commits would stay when the outer one is rolled back."""


class CommitListener(Protocol):
    def committed(self, collections: frozenset[str]) -> None:
        """Take note of the collections that a transaction of this process has just written. Must not raise."""
        ...


_batch: ContextVar[WriteBatch | None] = ContextVar("batch", default=None)
_orphaned: deque[Mapping[str, Any]] = deque()
_listeners: WeakSet[CommitListener] = WeakSet()


def in_transaction() -> bool:
    return _batch.get() is not None


def current_batch() -> WriteBatch:
    batch = _batch.get()
    if batch is None:
        raise OutsideTransaction("events and aggregates are saved inside a @transactional function")
    return batch


def tell_commits_to(listener: CommitListener) -> None:
    """Tell the listener of every commit, for as long as somebody holds it."""
    _listeners.add(listener)


def transactional(function: Callable[P, T]) -> Callable[P, T]:
    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        if in_transaction():
            return function(*args, **kwargs)
        return in_new_transaction(lambda: function(*args, **kwargs))

    return run


def in_new_transaction(work: Callable[[], T]) -> T:
    """Run `work` in a transaction of its own; raises PyMongoError when the store gives up or time runs out."""
    if in_transaction():
        raise Nested("a transaction of its own was asked for inside another")
    client = connection.client()
    _end_the_orphaned(client)
    with client.start_session() as session, _Measured() as measured:
        try:
            with pymongo.timeout(settings().transaction_seconds), session.bind(end_session=False):
                result, written = session.with_transaction(
                    lambda s: measured.attempt(s, work), read_concern=SNAPSHOT, write_concern=MAJORITY
                )
        except PyMongoError as error:
            if error.timeout:
                _orphaned.append(session.session_id)
            raise
    for listener in list(_listeners):
        listener.committed(written)
    return result


def _end_the_orphaned(client: MongoClient[dict[str, Any]]) -> None:
    """End transactions that ran out of time: the driver had none left to abort them, and their rows stay locked."""
    while _orphaned:
        session_id = _orphaned.popleft()
        try:
            with pymongo.timeout(settings().transaction_seconds):
                client.admin.command("killSessions", [session_id])
        except PyMongoError:
            _orphaned.append(session_id)
            raise


def in_racing_transaction(work: Callable[[], T]) -> T:
    """Run `work` in a transaction of its own, once more when another process made the row that it found missing."""
    try:
        return in_new_transaction(work)
    except DuplicateKeyError:
        return in_new_transaction(work)


class _Measured:
    """Measures one transaction: how long it took with all its attempts, and how it ended."""

    def __init__(self) -> None:
        self._attempts, self._began = 0, time.perf_counter()

    def __enter__(self) -> Self:
        return self

    def attempt(self, session: ClientSession, work: Callable[[], T]) -> tuple[T, frozenset[str]]:
        self._attempts += 1
        return _attempt(session, work)

    def __exit__(self, _kind: object, error: BaseException | None, _where: object) -> None:
        outcome = "committed" if error is None else "failed" if isinstance(error, PyMongoError) else "refused"
        metrics.STORE_TRANSACTION.labels(outcome).observe(time.perf_counter() - self._began)
        if self._attempts > 1:
            metrics.STORE_RETRIES.inc(self._attempts - 1)


def _attempt(session: ClientSession, work: Callable[[], T]) -> tuple[T, frozenset[str]]:
    batch = WriteBatch()
    token = _batch.set(batch)
    try:
        result = work()
        batch.write(session)
        failpoints.hit("outbox.after_insert", lambda: " ".join(name for name, _ in batch.added))
    except OperationError as wrapped:
        # mongoengine hides the server's error, whose label says whether to try again
        if isinstance(wrapped.__context__, PyMongoError):
            raise wrapped.__context__ from wrapped
        raise
    finally:
        _batch.reset(token)
    return result, batch.collections
