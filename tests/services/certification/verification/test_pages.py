"""The address on a certificate answers a person with a page and a system with JSON, without signing in."""

from __future__ import annotations

import pytest

from shared.kernel.principal import Principal
from tests.support import factories
from tests.support.factories import ALPHA
from tests.support.fixture_types import Client

PAGE = "text/html,application/xhtml+xml,*/*;q=0.8"


@pytest.mark.parametrize(("accept", "kind"), [(PAGE, "text/html"), ("*/*", "text/html"), ("application/json", "json")])
def test_the_same_address_is_a_page_and_a_document(client: Client, staff: Principal, accept: str, kind: str) -> None:
    factories.qualification(ALPHA, number="UJI-1")
    asked = client("certification")
    known = asked.get("/verify/UJI-1", headers={"Accept": accept})
    unknown = asked.get("/verify/UJI-2", headers={"Accept": accept})
    assert (known.status_code, unknown.status_code) == (200, 404)
    for answer in (known, unknown):
        assert kind in answer.headers["Content-Type"]
        assert "Accept" in answer.vary
    if kind == "json":
        assert known.json == asked.get("/v1/certificates/UJI-1").json
        assert unknown.json["type"].endswith("/not-found")
    else:
        assert "UJI-1" in known.text
