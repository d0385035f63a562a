"""Keeps, in every service, which tokens ended before their time because somebody signed out, and refuses them.

Signing out of one service ends the token in all of them: the service's worker tells the others over the control topic
(`TokenEnded`), and their web processes read the list again every few seconds. A token is known by a keyed digest of its
claims; its signature does not count, since some algorithms allow several for the same claims. A row goes when the token
would have expired.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from shared.access.cookies import cookie_secret
from shared.contracts.control import TokenEnded
from shared.kernel.settings.current import settings
from shared.storage import connection
from shared.storage.indexes import index
from shared.storage.remembered import Remembered
from shared.storage.transaction import in_new_transaction

COLLECTION: Final = "ended_tokens"
COLLECTIONS: dict[str, Any] = {
    COLLECTION: (index("expires_at", expireAfterSeconds=0), index("untold", sparse=True)),
}
TOLD_AT_ONCE: Final = 100


class EndedTokens:
    """The list of ended tokens as a web process remembers it."""

    def __init__(self) -> None:
        self._ended = Remembered(_ended, lambda: settings().suspension_seconds)

    def holds(self, token: str) -> bool:
        ended = self._ended()
        return bool(ended) and _digest(token) in ended

    def add(self, token: str, expires_at: float) -> None:
        """End a token: in this process at once, everywhere soon."""
        row = {"$setOnInsert": {"expires_at": datetime.fromtimestamp(expires_at, UTC), "untold": True}}
        _write(_digest(token), row)
        self._ended.forget()


def keep(message: TokenEnded) -> None:
    """Keep what another service said."""
    _write(message.digest, {"$setOnInsert": {"expires_at": message.expires_at}})


def tell(send: Callable[[TokenEnded], None]) -> None:
    """Send what the other services have not been told; what could not be sent is sent the next time."""
    for row in connection.database()[COLLECTION].find({"untold": True}, limit=TOLD_AT_ONCE):
        send(TokenEnded(digest=row["_id"], expires_at=row["expires_at"]))
        _write(row["_id"], {"$unset": {"untold": ""}})


def _ended() -> frozenset[str]:
    return frozenset(row["_id"] for row in connection.database()[COLLECTION].find({}, {"_id": 1}))


def _write(digest: str, change: dict[str, Any]) -> None:
    in_new_transaction(lambda: connection.database()[COLLECTION].update_one({"_id": digest}, change, upsert=True))


def _digest(token: str) -> str:
    claims, _, _ = token.rpartition(".")
    return hmac.new(cookie_secret(), b"ended:" + claims.encode(), hashlib.sha256).hexdigest()
