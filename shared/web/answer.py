"""Turns a handler's result into an answer: status, bytes and headers, ready to send and to keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

import orjson
from flask import Response

from shared.web.schema import Schema

JSON: Final = "application/json"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> Response:
        response = Response(self.body, status=self.status, content_type=JSON)
        if self.status == HTTPStatus.NO_CONTENT:
            del response.headers["Content-Type"]
        response.headers.update(self.headers)
        return response


def answer_of(result: Any, schema: Schema | None, status: int, location: str | None = None) -> Answer:
    """Dump a result by its schema; `location` is filled from the dumped fields, the ETag is the object's version."""
    if result is None or schema is None:
        return Answer(HTTPStatus.NO_CONTENT)
    dumped = schema.dump(result)
    headers = {}
    etag = etag_of(result)
    if etag is not None:
        headers["ETag"] = etag
    if location is not None:
        headers["Location"] = location.format_map(dumped)
    return Answer(status, orjson.dumps(dumped), headers)


def etag_of(result: Any) -> str | None:
    version = getattr(result, "version", None)
    return f'"{version}"' if isinstance(version, int) else None
