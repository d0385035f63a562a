"""What is read of a thing can be written: the same field is null in a request where it is null in the answer.

Null in a request leaves out what a thing need not have, or clears it (`Patch`). What a request must have is null in an
answer only where it was forgotten, such as the name of an erased person.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from marshmallow import fields

from shared.web.answer import JSON
from shared.web.api.document.examples import METHODS
from shared.web.api.route import Route
from shared.web.schema import Schema
from tests.support.contract import hook
from tests.support.declared_operations import OPERATIONS, SERVICES, app_of
from tests.support.request_bodies import accepted, leaves_out

DOCUMENTS = {name: hook.document_of(app_of(name)).content for name in SERVICES}
# the field of an answer that has the name of another thing in the request
ELSEWHERE = {("keep_draft", "/minutes"): "minutes of the plan; those of the draft are in `draft`"}
WITH_A_BODY = [
    pytest.param(route, id=route.operation)
    for _, route in OPERATIONS
    if route.body is not None and route.method != "PATCH"
]


def resolved(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema of an object: behind its reference, beside null, of the items of a list."""
    if "$ref" in schema:
        return resolved(document, document["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    for either in schema.get("anyOf", ()):
        if either.get("type") != "null":
            return resolved(document, either)
    return resolved(document, schema["items"]) if "items" in schema else schema


def may_be_null(document: Mapping[str, Any], schema: Mapping[str, Any]) -> bool:
    if "anyOf" in schema:
        return any(may_be_null(document, either) for either in schema["anyOf"])
    return "null" in (schema.get("type") or ())


def differences(document: Mapping[str, Any], sent: Any, shown: Any, place: str = "") -> Iterator[str]:
    sent, shown = resolved(document, sent), resolved(document, shown)
    for name, field in sent.get("properties", {}).items():
        if (other := shown.get("properties", {}).get(name)) is not None:
            known, at = [may_be_null(document, each) for each in (field, other)], f"{place}/{name}"
            if known[0] != known[1] and name not in (*sent.get("required", ()), "name"):
                yield at
            yield from differences(document, field, other, at)


@pytest.mark.parametrize("name", SERVICES)
def test_a_field_is_null_in_a_request_where_it_is_in_the_answer(name: str) -> None:
    document, wrong, compared = DOCUMENTS[name], [], 0
    for item in document["paths"].values():
        for operation in (item[method] for method in METHODS if method in item):
            sent = operation.get("requestBody", {}).get("content", {}).get(JSON, {}).get("schema")
            for status, answer in operation["responses"].items():
                shown = answer.get("content", {}).get(JSON, {}).get("schema")
                if sent and shown and status.startswith("2"):
                    compared += 1
                    places = differences(document, sent, shown)
                    wrong += [
                        (operation["operationId"], at)
                        for at in places
                        if (operation["operationId"], at) not in ELSEWHERE
                    ]
    assert wrong == []
    assert compared


def with_null(schema: Schema, body: Any) -> Iterator[tuple[Any, Any]]:
    """The body with null for each field that may be left out, at any depth, and the body without it."""
    for name, field in schema.fields.items():
        without = {key: value for key, value in body.items() if key != name}
        if leaves_out(field):
            yield {**body, name: None}, without
        if isinstance(field, fields.Nested) and name in body:
            for null, nothing in with_null(field.schema, body[name]):
                yield {**body, name: null}, {**body, name: nothing}


@pytest.mark.parametrize("route", WITH_A_BODY)
def test_null_leaves_a_field_out(route: Route) -> None:
    assert route.body is not None
    schema = route.body()
    for null, without in with_null(schema, accepted(route.body)):
        assert schema.load(null) == schema.load(without)


@pytest.mark.parametrize("name", SERVICES)
def test_the_document_says_whether_a_change_needs_the_version_that_was_read(name: str) -> None:
    for item in DOCUMENTS[name]["paths"].values():
        for method in (method for method in METHODS if method in item):
            needed = method in ("put", "patch")
            said = [each for each in item[method]["parameters"] if each["name"] == "If-Match"]
            assert all(header["required"] == needed for header in said)
            assert all(("428" if needed else "May be left out") in header["description"] for header in said)
            assert said or not needed
