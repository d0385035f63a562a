"""What a browser of another site, and a client with unusual methods, get of an answer: nothing that helps them."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.support.callers import Callers

ELSEWHERE = "https://evil.example.org"
TEXTS = ("/", "/docs", "/openapi.json", "/health/live", "/metrics", "/problems/forbidden", "/static/web/docs.js")


@pytest.mark.parametrize("origin", [ELSEWHERE, "null"])
def test_no_other_site_may_read_an_answer(client: FlaskClient, callers: Callers, origin: str) -> None:
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    asked["Access-Control-Request-Headers"] = "authorization,content-type"
    for answer in (
        client.options("/v1/workshops", headers=asked),
        client.get("/v1/workshops", headers={**callers.headers(), "Origin": origin}),
        client.get("/openapi.json", headers={"Origin": origin}),
    ):
        assert not [name for name in answer.headers.keys() if name.startswith("Access-Control-")]  # noqa: SIM118


def test_what_was_sent_is_not_sent_back(client: FlaskClient, callers: Callers) -> None:
    for url in ("/", "/v1/workshops", "/v1/nothing"):
        answer = client.open(url, method="TRACE", headers=callers.headers())
        assert answer.status_code in (404, 405), url
        assert "Bearer" not in answer.text


@pytest.mark.parametrize("url", TEXTS)
def test_text_says_how_it_is_encoded(client: FlaskClient, url: str) -> None:
    with client.get(url) as answer:
        assert answer.status_code == 200
        written = answer.headers["Content-Type"]
        assert answer.mimetype in ("application/json", "application/problem+json") or "charset=utf-8" in written.lower()
