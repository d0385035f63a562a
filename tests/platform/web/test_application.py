"""Around every operation: ids, health, metrics, headers, limits, documents, and what stops the start."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape
from openapi_spec_validator import validate
from structlog.testing import capture_logs

from shared.access import permissions
from shared.access.permissions import Undeclared
from shared.i18n.messages import TITLES
from shared.kernel.errors import Problem
from shared.kernel.settings.current import settings
from shared.storage import connection
from shared.web import health
from shared.web.api.routes import Routes
from tests.support.applications import app_for
from tests.support.callers import BETA, Callers
from tests.support.workshops import SERVICE, WorkshopView, workshops

STATIC = Path(health.__file__).parent / "static"


def test_ids_are_taken_and_given_back(client: FlaskClient, callers: Callers) -> None:
    correlation = str(uuid4())
    traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    sent = {"X-Request-ID": "abc-1", "X-Correlation-ID": correlation, "traceparent": traceparent}
    answer = client.get("/v1/workshops", headers={**callers.headers(), **sent})
    assert answer.headers["X-Request-ID"] == "abc-1"
    assert answer.headers["X-Correlation-ID"] == correlation
    assert answer.headers["traceparent"].split("-")[1] == "0af7651916cd43dd8448eb211c80319c"
    assert answer.headers["traceparent"] != traceparent


@pytest.mark.parametrize("given", ["", "x" * 129, "a b", "-rf", "é", "<script>"])
def test_bad_ids_are_replaced(client: FlaskClient, given: str) -> None:
    sent = {"X-Request-ID": given, "X-Correlation-ID": given, "traceparent": given}
    answer = client.get("/", headers={name: value.encode().decode("latin-1") for name, value in sent.items()})
    UUID(answer.headers["X-Request-ID"])
    UUID(answer.headers["X-Correlation-ID"])
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", answer.headers["traceparent"])


def test_every_answer_is_locked_down(client: FlaskClient, callers: Callers) -> None:
    for url in ("/v1/workshops", "/v1/nothing", "/", "/health/live"):
        headers = client.get(url, headers=callers.headers()).headers
        assert headers["X-Content-Type-Options"] == "nosniff", url
        assert headers["Referrer-Policy"] in ("no-referrer", "same-origin"), url
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert client.get("/v1/workshops", headers=callers.headers()).headers["Cache-Control"] == "no-store"


def test_one_log_line_per_request_without_ids_of_people_or_queries(client: FlaskClient, callers: Callers) -> None:
    with capture_logs() as lines:
        client.get("/v1/workshops?province=ID-JB", headers=callers.headers(sub="person-7", name="Sari"))
        client.get("/health/live")
    assert len(lines) == 1
    line = lines[0]
    assert (line["method"], line["route"], line["status"], line["role"]) == ("GET", "/v1/workshops", 200, "provider")
    assert line["ms"] >= 0
    written = json.dumps(lines)
    for secret in ("ID-JB", "person-7", "Sari", "?"):
        assert secret not in written


def test_metrics_count_by_route_template(client: FlaskClient, callers: Callers) -> None:
    client.get(f"/v1/workshops/{uuid4()}", headers=callers.headers())
    client.get(f"/v1/{uuid4()}")
    text = client.get("/metrics").text
    assert re.search(r'score_http_requests_total\{.*route="/v1/workshops/<uuid:workshop_id>",status="404"\} \d', text)
    assert 'route="unmatched"' in text
    assert "score_http_request_duration_seconds_bucket" in text
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-", text)


def test_methods_that_a_caller_makes_up_are_one_series(client: FlaskClient) -> None:
    for number in range(60):
        client.open("/v1/workshops", method=f"INVENTED{number}")
    methods = set(re.findall(r'score_http_\w+\{[^}]*method="([^"]*)"', client.get("/metrics").text))
    assert "other" in methods
    assert not {method for method in methods if method.startswith("INVENTED")}


def test_health_tells_live_from_ready(client: FlaskClient) -> None:
    assert client.get("/health/live").json == {"status": "live"}
    assert client.get("/health/ready").json == {"status": "ready", "dependencies": {"store": "ok"}}


def test_a_failing_dependency_is_named(app: Flask) -> None:
    def away() -> None:
        raise ConnectionError("mongodb://user:secret@host")

    answer = app_for(SERVICE, checks={"keys": away}).test_client().get("/health/ready")
    assert answer.status_code == 503
    assert answer.json == {"status": "not ready", "dependencies": {"store": "ok", "keys": "failing"}}


def test_a_draining_process_is_not_ready_but_alive(app: Flask) -> None:
    stopping = app_for(SERVICE)
    health.begin_draining(stopping)
    client = stopping.test_client()
    ready = client.get("/health/ready")
    assert (ready.status_code, ready.json["status"]) == (503, "draining")
    assert client.get("/health/live").status_code == 200


def test_a_silent_store_is_a_503(configured: None, callers: Callers, monkeypatch: pytest.MonkeyPatch) -> None:
    app = app_for(SERVICE)
    good = settings().mongo_url
    monkeypatch.setenv("SCORE_MONGO_URL", "mongodb://127.0.0.1:9/")
    monkeypatch.setenv("SCORE_MONGO_SELECT_MS", "200")
    monkeypatch.setenv("SCORE_TRANSACTION_SECONDS", "0.5")
    settings.cache_clear()
    connection.connect(SERVICE.name)
    try:
        body = {"title": "Kaizen", "province": "ID-JB", "seats": 12, "days": []}
        for answer in (
            app.test_client().get("/v1/workshops", headers=callers.headers()),
            app.test_client().post("/v1/workshops", json=body, headers=callers.headers()),
        ):
            assert (answer.status_code, answer.json["type"]) == (503, "/problems/unavailable")
            assert int(answer.headers["Retry-After"]) > 0
            assert "127.0.0.1" not in answer.text
        assert app.test_client().get("/health/ready").status_code == 503
        assert app.test_client().get("/health/live").status_code == 200
    finally:
        monkeypatch.setenv("SCORE_MONGO_URL", good)
        monkeypatch.delenv("SCORE_MONGO_SELECT_MS")
        monkeypatch.delenv("SCORE_TRANSACTION_SECONDS")
        settings.cache_clear()
        connection.connect(SERVICE.name)


def test_an_institution_has_its_own_limit(app: Flask, callers: Callers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCORE_RATE_LIMIT", "3 per day")  # a window that does not end while the test runs
    settings.cache_clear()
    try:
        client = app_for(SERVICE).test_client()
    finally:
        monkeypatch.setenv("SCORE_RATE_LIMIT", "100000 per minute")
        settings.cache_clear()
    ask = lambda **claims: client.get("/v1/workshops", headers=callers.headers(**claims))  # noqa: E731
    assert [ask(sub=f"person-{n}").status_code for n in range(4)] == [200, 200, 200, 429]
    refused = ask()
    assert (refused.mimetype, refused.json["type"]) == ("application/problem+json", "/problems/too-many-requests")
    assert 1 <= int(refused.headers["Retry-After"]) <= 86_401
    assert refused.headers["X-Request-ID"]
    assert ask(institution=str(BETA)).status_code == 200
    assert [client.get("/v1/workshops").status_code for _ in range(5)] == [401, 401, 401, 429, 429]
    assert {client.get("/health/live").status_code for _ in range(9)} == {200}


def test_the_document_is_valid_and_says_what_is_checked(client: FlaskClient) -> None:
    document = client.get("/openapi.json").json
    validate(document)
    assert document["openapi"] == "3.1.0"
    operations = {
        operation["operationId"]: operation for path in document["paths"].values() for operation in path.values()
        if isinstance(operation, dict)
    }  # fmt: skip
    assert set(operations) == {route.operation for route in workshops.declared} | {"show_story"}
    plan = operations["plan_workshop"]
    assert plan["security"] == [{"bearer": []}]
    assert plan["x-permits"] == ["programme", "provider"]
    assert plan["requestBody"]["content"]["application/json"]["schema"]["$ref"].endswith("/PlanWorkshop")
    assert {"201", "400", "401", "403", "409", "413", "415", "422", "429", "503"} <= plan["responses"].keys()
    assert operations["about"]["security"] == []
    needed = {(p["name"], p["required"]) for p in operations["hold_workshop"]["parameters"] if p["in"] == "header"}
    assert ("Idempotency-Key", True) in needed
    parameters = {p["name"] for p in operations["list_workshops"]["parameters"]}
    assert {"province", "state", "seats", "limit", "cursor", "sort", "format"} <= parameters
    assert "text/csv" in operations["list_workshops"]["responses"]["200"]["content"]
    assert list(operations["about"]["responses"]["200"]["content"]) == ["text/plain"]
    assert "image/jpeg" in operations["upload_photo"]["requestBody"]["content"]
    problem = document["components"]["responses"]["UNPROCESSABLE_ENTITY"]["content"]
    assert list(problem) == ["application/problem+json"]
    assert {"428", "412"} <= operations["revise_workshop"]["responses"].keys()


def test_every_problem_has_its_page(client: FlaskClient) -> None:
    kinds, pending = set(), [Problem]
    while pending:
        kind = pending.pop()
        pending += kind.__subclasses__()
        kinds.add(kind.type_name)
    assert kinds <= set(TITLES)
    for name in TITLES:
        found = client.get(f"/problems/{name}", headers={"Accept-Language": "en"})
        assert (found.json["name"], bool(found.json["meaning"])) == (name, True)
        page = client.get(f"/problems/{name}", headers={"Accept": "text/html", "Accept-Language": "en"})
        assert (page.mimetype, str(escape(found.json["title"])) in page.text) == ("text/html", True)
    assert client.get("/problems/nothing").status_code == 404


def test_the_try_it_page_runs_from_its_own_files(client: FlaskClient) -> None:
    page = client.get("/docs")
    assert page.status_code == 200
    assert "script-src 'self';" in page.headers["Content-Security-Policy"]
    assert not re.search(r"<script(?![^>]* src=)[^>]*>", page.text)
    for url in re.findall(r'(?:src|href)="(/[^"]+)"', page.text):
        with client.get(url) as found:
            assert found.status_code == 200, url


def test_vendored_files_are_what_they_say() -> None:
    table = (STATIC / "vendor" / "README.md").read_text()
    listed = re.findall(r"`(swagger-ui[^`]+/[^`]+)` \|.*`([0-9a-f]{64})`", table)
    assert len(listed) == 2
    for name, digest in listed:
        assert hashlib.sha256((STATIC / "vendor" / name).read_bytes()).hexdigest() == digest


def test_the_front_says_what_this_is(client: FlaskClient) -> None:
    found = client.get("/", headers={"Accept-Language": "en"}).json
    assert (found["name"], found["title"]) == ("workshops", "Workshops")
    assert {"docs", "openapi", "problems", "health"} <= found["links"].keys()
    for url in found["links"].values():
        assert client.get(url).status_code == 200, url


def test_a_rule_without_a_permission_stops_the_start(app: Flask, configured: None) -> None:
    grown = app_for(SERVICE)
    grown.view_functions["loose"] = lambda: "secret"
    grown.url_map.add(grown.url_rule_class("/v1/loose", endpoint="loose"))
    with pytest.raises(Undeclared, match="/v1/loose"):
        permissions.require_declared(grown)


def test_declarations_that_cannot_be_right_are_refused() -> None:
    routes = Routes("things")
    for permits in ((), ("boss",), "provider"):
        with pytest.raises(Undeclared):
            routes.get("/v1/things", permits=permits)(lambda: None)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        routes.get("/v1/things")(lambda: None)  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        routes.list("/v1/things", permits=("donor",), returns=WorkshopView, filters=("colour",))(lambda: None)
    routes.put("/v1/things/<uuid:thing_id>", permits=("donor",), body=WorkshopView)(lambda: None)
    with pytest.raises(Undeclared):
        routes.install(Flask("x"), None)  # type: ignore[arg-type]


def test_the_declared_operations_are_the_served_ones(app: Flask) -> None:
    served = {rule.endpoint for rule in app.url_map.iter_rules() if rule.rule.startswith("/v1/")}
    assert served == {route.endpoint for route in workshops.declared} | {"operations.show_story"}
    assert replace(workshops.declared[0], status=200).operation == "plan_workshop"


def test_every_service_tells_its_part_of_a_story(client: FlaskClient, callers: Callers) -> None:
    url = f"/v1/operations/trace/{uuid4()}"
    assert client.get(url, headers=callers.headers("programme")).json["facts"] == []
    assert client.get(url, headers=callers.headers()).status_code == 403


def test_a_larger_body_is_an_operations_own_choice(client: FlaskClient, callers: Callers) -> None:
    photo: dict[str, Any] = {"data": b"x" * 1_500_000, "content_type": "image/jpeg", "headers": callers.headers()}
    assert client.post("/v1/workshops/photo", **photo).status_code == 204
    assert client.post("/v1/workshops/photo", **{**photo, "data": b"x" * 2_500_000}).status_code == 413
    assert client.post("/v1/workshops/photo", **{**photo, "content_type": "image/gif"}).status_code == 415
