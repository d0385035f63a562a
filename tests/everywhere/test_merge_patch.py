"""A PATCH is a JSON Merge Patch (RFC 7396): what is as it was changes nothing and tells nobody."""

from __future__ import annotations

from typing import Any

import pytest

from shared.kernel.service import Service
from shared.storage import connection
from shared.web.api.json_body import MERGE_PATCH
from shared.web.api.route import Route
from tests.support.declared_operations import OPERATIONS, app_of, path_of, role_for
from tests.support.fingerprint import fingerprint
from tests.support.fixture_types import Client
from tests.support.good_requests import prepared
from tests.support.tokens import Tokens

PATCHES = [pytest.param(service, route, id=route.operation) for service, route in OPERATIONS if route.method == "PATCH"]


def events() -> int:
    return connection.database()["outbox"].count_documents({}) + connection.database()[
        "contact_outbox"
    ].count_documents({"pending_at": {"$exists": True}})


@pytest.mark.parametrize(("service", "route"), PATCHES)
def test_a_correction_that_corrects_nothing_changes_nothing(
    client: Client, tokens: Tokens, service: Service, route: Route
) -> None:
    caller, order = client(service.name), prepared(route.operation)
    url = path_of(route, **order.path)
    headers = tokens.headers(role_for(route))

    def sent(body: dict[str, Any] | None, kind: str) -> Any:
        answer = caller.patch(url, json=body, headers={**headers, "If-Match": "*", "Content-Type": kind})
        assert answer.status_code == 200, answer.text
        return answer

    done = sent(order.body, MERGE_PATCH)
    before, told = fingerprint(), events()
    for body in (order.body, {}):
        again = sent(body, "application/json")
        assert (again.json, again.headers["ETag"]) == (done.json, done.headers["ETag"])
    assert (fingerprint(), events()) == (before, told)


@pytest.mark.parametrize(("service", "route"), PATCHES)
def test_its_document_names_the_format(service: Service, route: Route) -> None:
    paths = app_of(service.name).test_client().get("/openapi.json").json["paths"]
    content = next(at["patch"] for at in paths.values() if at.get("patch", {}).get("operationId") == route.operation)
    assert content["requestBody"]["content"].keys() == {"application/json", MERGE_PATCH}
    assert not [name for name in content if name == "x-merge-patch"]
