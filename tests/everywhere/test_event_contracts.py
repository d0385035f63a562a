"""Every service serves the contracts of all events to whoever asks: the whole as AsyncAPI, each type's schema by its name."""

from __future__ import annotations

import pytest

from shared.contracts import golden
from shared.contracts.described.asyncapi import asyncapi
from shared.contracts.wire.record import schema_uri
from shared.kernel.service import declared, version
from tests.support.fixture_types import Client

NAME = "id.score.enrollment.training_scheduled.v1"


@pytest.mark.parametrize("service", [service.name for service in declared()])
def test_the_document_is_served_to_whoever_asks(client: Client, service: str) -> None:
    answer = client(service).get("/asyncapi.json")
    assert (answer.status_code, answer.content_type, answer.json) == (200, "application/json", asyncapi(version()))
    assert client(service).get("/", headers={"Accept": "application/json"}).json["links"]["events"] == "/asyncapi.json"


def test_each_schema_is_served_under_the_name_that_records_give_it(client: Client) -> None:
    caller = client("finance")
    for name, cls in golden.contracts().items():
        answer = caller.get(f"/schemas/{name}.json")
        assert (answer.status_code, answer.json) == (200, golden.published_schema(name, cls))
        assert answer.json["$id"] == schema_uri(name)


def test_what_has_not_changed_is_not_sent_again(client: Client) -> None:
    caller, url = client("finance"), f"/schemas/{NAME}.json"
    first = caller.get(url)
    assert first.headers["Cache-Control"] == "public, max-age=3600"
    again = caller.get(url, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("name", ["id.score.enrollment.no_such_thing.v1", "..", "%2e%2e%2fgolden", "a" * 300])
def test_a_type_that_nobody_declares_has_no_schema(client: Client, name: str) -> None:
    answer = client("finance").get(f"/schemas/{name}.json")
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
