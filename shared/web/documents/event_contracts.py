"""Serves the contracts of all events: `/asyncapi.json` describes every topic, `/schemas/<type>.json` is one schema.

They are public and the same for everybody, hold no data, and change with a release only.
"""

from __future__ import annotations

from typing import Any, Final

import orjson
from flask import Flask, Response, request

from shared.access.permissions import PUBLIC, declare
from shared.contracts.described.asyncapi import asyncapi, schema_document
from shared.domain.errors import NotFound
from shared.web.answer import JSON

CACHED: Final = "public, max-age=3600"


def install(app: Flask, version: str) -> None:
    """Add the routes."""

    def document() -> Response:
        return _answer(asyncapi(version))

    for rule, endpoint, view in (
        ("/asyncapi.json", "asyncapi", document),
        ("/schemas/<name>.json", "event_schema", _schema),
    ):
        app.add_url_rule(rule, endpoint, view)
        declare(app, endpoint, PUBLIC)


def _schema(name: str) -> Response:
    found = schema_document(name)
    if found is None:
        raise NotFound("schema", name)
    return _answer(found)


def _answer(document: dict[str, Any]) -> Response:
    response = Response(orjson.dumps(document), content_type=JSON, headers={"Cache-Control": CACHED})
    response.add_etag()
    response.make_conditional(request)
    return response
