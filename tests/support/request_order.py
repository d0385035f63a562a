"""A request that a service accepts, made from the schema of its operation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.support.declared_operations import OPERATIONS
from tests.support.request_bodies import accepted


@dataclass(frozen=True)
class Order:
    """`other` is another acceptable body for the same object; None where the operation takes none.

    An operation that takes a file has its content and type in `data` and `media_type`.
    """

    path: dict[str, object] = field(default_factory=dict)
    body: dict[str, Any] | None = None
    other: dict[str, Any] | None = None
    data: bytes | None = None
    media_type: str = "application/octet-stream"

    @property
    def sent(self) -> dict[str, Any]:
        """As the test client takes it."""
        return {"json": self.body} if self.data is None else {"data": self.data, "content_type": self.media_type}


SCHEMAS = {route.operation: route.body for _, route in OPERATIONS}


def made_from_schema(operation: str, **changes: Any) -> dict[str, Any]:
    schema = SCHEMAS[operation]
    assert schema is not None
    return {**accepted(schema), **changes}
