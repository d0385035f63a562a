"""Keeps answers under their `Idempotency-Key`: a repeated POST has no second effect and gets the first answer again.

The answer is a row written in the command's own transaction, so there is no effect without a row and no row without
its effect; an answer that was rolled back (every problem) is not kept. The key belongs to its caller and operation.
The same key with another request is `IdempotencyKeyReused`; while the first is still running the store lets only one
commit, and the other is answered from the row or with `StillRunning`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import orjson
from pymongo import IndexModel

from shared.domain.errors import NotFound
from shared.kernel import clock
from shared.kernel.errors import Fault
from shared.kernel.keys import digest
from shared.kernel.principal import Principal
from shared.kernel.settings.current import settings
from shared.storage import connection
from shared.storage.indexes import index
from shared.storage.transaction import current_batch
from shared.web.answer import Answer
from shared.web.errors import IdempotencyKeyMissing, IdempotencyKeyReused, Malformed

COLLECTION = "idempotency"
PURPOSE: Final = "idempotency"  # what a digest is for
COLLECTIONS: Mapping[str, tuple[IndexModel, ...]] = {COLLECTION: (index("expires_at", expireAfterSeconds=0),)}
HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotent-Replayed"
_running_key: ContextVar[str | None] = ContextVar("idempotency_key", default=None)
_KEY: Final = re.compile(r"[\x21-\x7e]{1,128}")


@dataclass(frozen=True, slots=True)
class Key:
    """A key with all that it stands for: caller, operation, and a keyed digest of the request, which may hold a tax number."""

    row_id: str
    digest: bytes

    @classmethod
    def of(
        cls, given: str | None, principal: Principal | None, operation: str, request: bytes, *, required: bool
    ) -> Key | None:
        """Return the key of a request; `request` is its path, query and body in a canonical form."""
        if given is None:
            if required:
                raise IdempotencyKeyMissing
            return None
        if not _KEY.fullmatch(given):
            raise Malformed(errors=[Fault("key-form", header=HEADER)])
        return cls(json.dumps([operation, caller(principal), given]), digest(PURPOSE, request))

    def kept(self) -> Answer | None:
        """Return the answer given before; raise `IdempotencyKeyReused` when it was given to another request, and `NotFound`
        when it showed somebody who is erased since."""
        row = connection.database()[COLLECTION].find_one({"_id": self.row_id})
        if row is None:
            return None
        if bytes(row["digest"]) != self.digest:
            raise IdempotencyKeyReused
        if "body" not in row:
            raise NotFound("Answer")
        return Answer(row["status"], bytes(row["body"]), {**row["headers"], REPLAYED: "true"})

    def keep(self, answer: Answer) -> None:
        now = clock.now()
        row: dict[str, Any] = {
            "_id": self.row_id,
            "digest": self.digest,
            "status": answer.status,
            "body": answer.body,
            "headers": dict(answer.headers),
            "created_at": now,
            "expires_at": now + timedelta(days=settings().idempotency_days),
        }
        current_batch().add(COLLECTION, row)


@contextmanager
def under(key: Key | None) -> Iterator[None]:
    """Mark the key as the running request's while the block runs."""
    token = _running_key.set(key.row_id if key else None)
    try:
        yield
    finally:
        _running_key.reset(token)


def forget(person_id: UUID) -> None:
    """Empty the kept answers that show a person, who is erased and gone from them too.

    The row stays with its key and its digest: a repeat must not make anew whom an erasure has ended. Not that of the running
    request, which is there when it is repeated and was given after everything was forgotten.
    """
    shown = str(person_id).encode()
    _empty(lambda body: shown in body)


def forget_own(object_id: UUID) -> None:
    """Empty the kept answers that are about an object which stays, when somebody is forgotten whom only they show.

    What merely names the object (an enterprise's visits, an institution's enterprises) shows nothing of them.
    """
    _empty(lambda body: _id_of(body) == str(object_id))


def _empty(shows: Callable[[bytes], bool]) -> None:
    rows = connection.database()[COLLECTION]
    for row in rows.find({"_id": {"$ne": _running_key.get()}, "body": {"$exists": True}}, {"body": 1}):
        if shows(bytes(row["body"])):
            rows.update_one({"_id": row["_id"]}, {"$unset": dict.fromkeys(("body", "headers", "status"), "")})


def _id_of(body: bytes) -> object:
    """Return the id of the object that an answer is about, None where it shows none."""
    shown = orjson.loads(body) if body.startswith(b"{") else None
    return shown.get("id") if shown else None


def caller(principal: Principal | None) -> str:
    """Return whose key it is: what the role is bound to, else the institution, else the person."""
    if principal is None:
        return "public"
    bound = principal.trainer or principal.enterprise or principal.sponsor or principal.institution
    return f"{principal.role}:{bound or principal.id}"
