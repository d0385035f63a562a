"""Turns a handler's result into an answer: status, bytes and headers, ready to send and to keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

import orjson
from flask import Response

from shared.i18n.language import language_of_caller
from shared.web.schema import Schema, speaks

JSON: Final = "application/json"
OF_GZIP: Final = "-gzip"  # ends the tag of a representation that was compressed


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
    """Dump a result by its schema; `location` is filled from the dumped fields, the ETag is the object's version, with the
    language where the answer has words."""
    if result is None or schema is None:
        return Answer(HTTPStatus.NO_CONTENT)
    dumped = schema.dump(result)
    headers = version_headers(result, schema)
    if location is not None:
        headers["Location"] = location.format_map(dumped)
    return Answer(status, orjson.dumps(dumped), headers)


def version_headers(result: Any, schema: Schema | None) -> dict[str, str]:
    """Return the `ETag` of an object that has a version, and `Vary` where the same version is written in two languages."""
    version, in_words = getattr(result, "version", None), schema is not None and speaks(schema)
    headers = {"Vary": "Accept-Language"} if in_words else {}
    if isinstance(version, int):
        headers["ETag"] = f'"{version}-{language_of_caller()}"' if in_words else f'"{version}"'
    return headers


def version_in(tag: str) -> str:
    """Return the version of an object in a tag, which may tell the language and the encoding of a representation too."""
    return tag.partition("-")[0]
