"""Takes a request's body whole or not at all.

The framework reads a body of no announced length up to what may be taken and gives that as the body.
"""

from __future__ import annotations

from typing import IO, Any, cast

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.utils import cached_property
from werkzeug.wsgi import LimitedStream, get_input_stream


class BoundedRequest(Request):
    """A request that raises `RequestEntityTooLarge` where its body is longer than `max_content_length`, announced or not."""

    @cached_property
    def stream(self) -> IO[bytes]:
        most = self.max_content_length
        whole = get_input_stream(self.environ, max_content_length=None)
        if most is None:
            return whole
        if self.content_length is not None and self.content_length > most:
            raise RequestEntityTooLarge
        return cast("IO[bytes]", _Bounded(whole, most))


class _Bounded(LimitedStream):
    """A stream that fails where it goes on beyond its bound."""

    def __init__(self, stream: IO[bytes], most: int) -> None:
        super().__init__(stream, most + 1, is_max=True)

    def readinto(self, b: Any) -> int | None:
        read = super().readinto(b)
        if self.is_exhausted:
            raise RequestEntityTooLarge
        return read
