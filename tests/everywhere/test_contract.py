"""What every service's document says is so: schemas of answers and requests, closed codes, filters; and the judge of answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, Response
from marshmallow import fields

from shared.kernel.service import Service
from shared.web.api.route import Route
from shared.web.fields import Choice, ExternalId
from shared.web.schema import Schema, View
from tests.support.contract import hook
from tests.support.contract.document import Document
from tests.support.declared_operations import OPERATIONS, SERVICES, app_of, path_of, role_for
from tests.support.fixture_types import Enter
from tests.support.tokens import Tokens


def answered(route: Route) -> Iterator[Schema]:
    if route.view is not None:
        yield from within(route.view)
    if route.listing is not None:
        yield from within(route.listing.row)


def within(schema: Schema) -> Iterator[Schema]:
    yield schema
    for field in schema.fields.values():
        inner = innermost(field)
        if isinstance(inner, fields.Nested):
            yield from within(inner.schema)  # type: ignore[arg-type]


def innermost(field: fields.Field[Any]) -> fields.Field[Any]:
    return innermost(field.inner) if isinstance(field, fields.List) else field


ANSWERS = {type(schema) for _, route in OPERATIONS for schema in answered(route)}
REQUESTS = {type(schema) for _, route in OPERATIONS if route.body for schema in within(route.body())}


def test_what_an_answer_need_not_have_may_be_null() -> None:
    """In a request null is refused, so a schema of both has nothing that may be left out."""
    plain = {kind.__name__ for kind in ANSWERS - REQUESTS if not issubclass(kind, View)}
    assert plain == set(), "answers without null"
    both = {
        f"{kind.__name__}.{name}"
        for kind in ANSWERS & REQUESTS
        for name, field in kind().fields.items()
        if not field.required
    }
    assert both == set(), "a request takes them, and an answer has them as null"


# a person gives one of a few reasons for a resending; a mail server gives any it likes
WIDER_IN_ANSWERS = {"LetterView.reason", "LetterWithStepsView.reason", "StepView.reason"}


def test_a_code_that_is_closed_in_a_request_is_closed_in_the_answer() -> None:
    closed: dict[tuple[str, str], Choice] = {}
    for kind in REQUESTS:
        for name, field in kind().fields.items():
            if isinstance(innermost(field), Choice):
                closed[kind.__module__, name] = innermost(field)  # type: ignore[assignment]
    open_ones = {
        f"{kind.__name__}.{name}"
        for kind in ANSWERS
        for name, field in kind().fields.items()
        if ((kind.__module__, name) in closed or name == "state") and not isinstance(innermost(field), Choice)
    }
    assert open_ones == WIDER_IN_ANSWERS


FILTERS = [
    pytest.param(service, route, name, id=f"{service.name}-{route.operation}-{name}")
    for service, route in OPERATIONS
    if route.listing is not None
    for name, field in route.listing.filters.items()
    if type(field) is not ExternalId  # any text may be what a row has there
]


@pytest.mark.parametrize(("service", "route", "name"), FILTERS)
def test_a_filter_that_no_row_can_have_is_refused(
    service: Service, route: Route, name: str, enter: Enter, tokens: Tokens
) -> None:
    enter(service.name)
    headers = tokens.headers(role_for(route))
    answer = app_of(service.name).test_client().get(f"{path_of(route)}?{name}=no%20such", headers=headers)
    assert (answer.status_code, [fault["parameter"] for fault in answer.json["errors"]]) == (400, [name])


@pytest.mark.parametrize("name", SERVICES)
def test_every_object_of_a_document_is_closed(name: str) -> None:
    def open_objects(part: Any, place: str) -> Iterator[str]:
        if isinstance(part, dict):
            if part.get("type") == "object" and part.get("additionalProperties") is not False:
                yield place
            for key, below in part.items():
                yield from open_objects(below, f"{place}/{key}")
        elif isinstance(part, list):
            for number, below in enumerate(part):
                yield from open_objects(below, f"{place}/{number}")

    assert list(open_objects(hook.document_of(app_of(name)).content, "")) == []


THING: dict[str, Any] = {
    "type": "object",
    "properties": {"id": {"type": "string", "format": "uuid"}, "on": {"type": "string", "format": "date"}},
    "required": ["id"],
    "additionalProperties": False,
}
TOY = Document(
    {
        "paths": {
            "/v1/things/{id}": {
                "get": {
                    "responses": {
                        "200": {
                            "headers": {"ETag": {"required": True, "schema": {"type": "string"}}},
                            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}},
                        },
                        "204": {"description": "Nothing"},
                    }
                }
            }
        },
        "components": {"schemas": {"Thing": THING}},
    }
)
GOOD = {"id": "018f0000-0000-7000-8000-000000000001", "on": "2026-01-31"}
HEADERS = {"Content-Type": "application/json", "ETag": '"1"'}


@pytest.mark.parametrize(
    ("status", "headers", "body", "fault"),
    [
        (200, {}, {}, None),
        (200, {}, {"on": None}, "/on: None is not of type 'string'"),
        (200, {}, {"on": "2026-02-31"}, "/on: '2026-02-31' is not a 'date'"),
        (200, {}, {"id": "1"}, "/id: '1' is not a 'uuid'"),
        (200, {}, {"more": 1}, "/: Additional properties are not allowed ('more' was unexpected)"),
        (200, {"ETag": ""}, {}, "header ETag is missing"),
        (200, {"Link": "<x>"}, {}, "header Link is not described"),
        (200, {"Content-Type": "text/csv"}, {}, "'text/csv' is not described, but ['application/json']"),
        (204, {}, {}, "a body of 66 bytes is not described"),
        (418, {}, {}, "418 is not described"),
    ],
)  # fmt: skip
def test_an_answer_that_differs_from_its_document_is_named(
    status: int, headers: dict[str, str], body: dict[str, Any], fault: str | None
) -> None:
    sent = {
        name: value for name, value in (HEADERS | headers).items() if value and not (status == 204 and name == "ETag")
    }
    faults = TOY.faults("/v1/things/{id}", "GET", status, sent, json.dumps(GOOD | body).encode())
    assert faults == ([] if fault is None else [fault])


def test_an_answer_of_an_application_is_judged_whoever_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    app: Flask = app_of("notifications")
    view = app.view_functions["links.show_keys"]
    wrong = Response(json.dumps({"keys": [{"kty": None}]}), content_type="application/json")
    monkeypatch.setitem(app.view_functions, "links.show_keys", lambda: wrong)
    app.test_client().get("/v1/keys")
    assert any("kty" in fault for fault in hook.taken()), view
