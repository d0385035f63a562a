"""Names what is refused before it is known what is wanted."""

from __future__ import annotations

from shared.kernel.errors import Problem
from shared.kernel.message import Message


class Unauthenticated(Problem):
    """No token, or none that counts. The answer never says which."""

    type_name = "unauthenticated"
    status = 401

    def __init__(self, reason: str = "") -> None:
        super().__init__(headers={"WWW-Authenticate": 'Bearer realm="score"'})
        self.reason = reason


class TooManyRequests(Problem):
    """An institution, a person or an address asked more often than it may."""

    type_name = "too-many-requests"
    status = 429

    def __init__(self, retry_after: int, detail: Message | None = None) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after)})
