"""What each service tells of itself: a valid OpenAPI 3.1 document that names every operation, and a front page."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from openapi_spec_validator import OpenAPIV31SpecValidator

from shared.access.permissions import PUBLIC
from shared.kernel.service import Service, declared
from shared.web.api.operations import operations
from shared.web.pages.work.operation import work
from tests.support.applications import app_for


@pytest.fixture(params=declared(), ids=lambda service: service.name)
def served(request: pytest.FixtureRequest) -> tuple[Service, Flask]:
    return request.param, app_for(request.param)


def test_the_document_is_valid_and_complete(served: tuple[Service, Flask]) -> None:
    service, app = served
    document: dict[str, Any] = app.test_client().get("/openapi.json").json
    assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []
    told = {
        operation["operationId"]: operation
        for path in document["paths"].values()
        for method, operation in path.items()
        if method in ("get", "post", "put", "patch", "delete")
    }
    routes = [route for part in (*service.routes, operations, work) for route in part.declared]
    assert told.keys() == {route.operation for route in routes}
    for route in routes:
        operation = told[route.operation]
        assert operation["x-permits"] == sorted(route.permits)
        assert bool(operation["security"]) == (route.permits is not PUBLIC)
        assert str(int(route.status)) in operation["responses"]
        versioned = route.method == "GET" and route.view is not None and "version" in route.view.fields
        assert ("304" in operation["responses"]) == (versioned or route.tagged), route.operation
        for status, answer in operation["responses"].items():
            if status.isdigit() and int(status) >= 400:
                assert "$ref" in answer or "application/problem+json" in answer["content"], (route.operation, status)


def test_the_front_page_leads_to_it(served: tuple[Service, Flask]) -> None:
    service, app = served
    told = app.test_client().get("/", headers={"Accept": "application/json"}).json
    assert told["name"] == service.name
    assert "/openapi.json" in str(told["links"])


def test_what_any_answer_may_say_is_described_of_all(served: tuple[Service, Flask]) -> None:
    _, app = served
    document: dict[str, Any] = app.test_client().get("/openapi.json").json
    answers = [
        answer
        for path in document["paths"].values()
        for method, operation in path.items()
        if method in ("get", "post", "put", "patch", "delete")
        for answer in operation["responses"].values()
    ]
    shared = document["components"]["responses"]
    for answer in answers:
        described = shared[answer["$ref"].rpartition("/")[2]] if "$ref" in answer else answer
        assert {"RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "Vary", "Content-Encoding"} <= described[
            "headers"
        ].keys()
