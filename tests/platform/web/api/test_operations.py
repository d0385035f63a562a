"""Commands and reads of objects: answers, versions, roles, scope, what is logged."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from shared.storage import connection
from tests.support.callers import ALPHA, BETA, Callers

Plan = Callable[..., dict[str, Any]]
BODY = {"title": "Kaizen", "province": "ID-JB", "seats": 12, "days": ["2026-12-01"]}


def rows() -> list[dict[str, Any]]:
    return list(connection.database()["workshops"].find())


def accesses() -> list[dict[str, Any]]:
    return list(connection.database()["access_log"].find())


def test_a_command_answers_with_the_object_its_address_and_its_version(client: FlaskClient, callers: Callers) -> None:
    body = {**BODY, "fee": {"amount": 1_500_000, "currency": "IDR"}, "headcount": {"women": 4}}
    made = client.post("/v1/workshops", json=body, headers=callers.headers())

    assert made.status_code == 201
    assert made.json["fee"] == {"amount": 1_500_000, "currency": "IDR"}
    assert made.json["headcount"] == {"women": 4}
    assert made.json["days"] == ["2026-12-01"]
    assert made.json["created_at"].endswith("Z")
    assert made.headers["Location"] == f"/v1/workshops/{made.json['id']}"
    assert made.headers["ETag"] == '"1"'
    assert made.headers["Cache-Control"] == "no-store"
    assert client.get(made.headers["Location"], headers=callers.headers()).json == made.json
    assert rows()[0]["fee"] == 1_500_000


def test_a_read_with_the_known_version_answers_304(client: FlaskClient, callers: Callers, plan: Plan) -> None:
    url = f"/v1/workshops/{plan()['id']}"
    same = client.get(url, headers={**callers.headers(), "If-None-Match": '"1"'})
    other = client.get(url, headers={**callers.headers(), "If-None-Match": '"2"'})
    assert (same.status_code, same.data, same.headers["ETag"]) == (304, b"", '"1"')
    assert other.status_code == 200


def test_a_change_needs_the_present_version(client: FlaskClient, callers: Callers, plan: Plan) -> None:
    url = f"/v1/workshops/{plan()['id']}"
    without = client.patch(url, json={"seats": 20}, headers=callers.headers())
    assert without.status_code == 428
    assert without.json["errors"][0]["header"] == "If-Match"

    for stale in ('"9"', 'W/"1"', '"abc"'):
        refused = client.patch(url, json={"seats": 20}, headers={**callers.headers(), "If-Match": stale})
        assert refused.status_code == 412, stale
        assert refused.json["type"] == "/problems/stale-version"
    broken = client.patch(url, json={"seats": 20}, headers={**callers.headers(), "If-Match": "1"})
    assert broken.status_code == 400
    assert rows()[0]["seats"] == 12

    done = client.patch(url, json={"seats": 20}, headers={**callers.headers(), "If-Match": '"0", "1"'})
    assert (done.status_code, done.headers["ETag"], done.json["seats"]) == (200, '"2"', 20)


def test_an_action_honours_a_version_when_one_is_sent(client: FlaskClient, callers: Callers, plan: Plan) -> None:
    url = f"/v1/workshops/{plan()['id']}/holding"
    headers = {**callers.headers(), "Idempotency-Key": "k1"}
    assert client.post(url, headers={**headers, "If-Match": '"7"'}).status_code == 412
    assert rows()[0]["state"] == "planned"
    assert client.post(url, headers={**headers, "If-Match": '"1"'}).status_code == 200


def test_a_foreign_object_answers_exactly_like_an_unknown_one(
    client: FlaskClient, callers: Callers, plan: Plan
) -> None:
    foreign, unknown = plan(BETA)["id"], str(uuid4())
    answers = [client.get(f"/v1/workshops/{each}", headers=callers.headers()) for each in (foreign, unknown)]
    for answer in answers:
        assert answer.status_code == 404
    bodies = [{k: v for k, v in a.json.items() if k not in ("instance", "request_id")} for a in answers]
    assert bodies[0] == bodies[1]
    changed = client.patch(
        f"/v1/workshops/{foreign}", json={"seats": 1}, headers={**callers.headers(), "If-Match": '"1"'}
    )
    assert changed.status_code == 404
    assert rows()[0]["seats"] == 12


def test_reads_and_refusals_of_personal_data_are_logged(client: FlaskClient, callers: Callers, plan: Plan) -> None:
    mine = plan()["id"]
    foreign = plan(BETA)["id"]
    assert accesses() == []
    client.get(f"/v1/workshops/{mine}", headers={**callers.headers(), "X-Request-ID": "read-1"})
    client.get(f"/v1/workshops/{foreign}", headers=callers.headers())
    client.get(f"/v1/workshops/{mine}", headers=callers.headers("donor"))
    found = {(row["outcome"], row["object"], row["role"]): row for row in accesses()}
    assert set(found) == {
        ("allowed", UUID(mine), "provider"),
        ("not_found", UUID(foreign), "provider"),
        ("forbidden", UUID(mine), "donor"),
    }
    read = found["allowed", UUID(mine), "provider"]
    assert (read["action"], read["kind"], read["institution"]) == ("show_workshop", "workshops", ALPHA)
    assert read["request"] == "read-1"


def test_a_role_that_is_not_named_is_refused(client: FlaskClient, callers: Callers, plan: Plan) -> None:
    made = plan()
    refused = client.delete(f"/v1/workshops/{made['id']}", headers=callers.headers())
    assert (refused.status_code, refused.json["type"]) == (403, "/problems/forbidden")
    assert len(rows()) == 1
    assert client.delete(f"/v1/workshops/{made['id']}", headers=callers.headers("programme")).status_code == 204
    assert rows() == []


def test_the_lifecycle_refuses_in_words(client: FlaskClient, callers: Callers, plan: Plan) -> None:
    url = f"/v1/workshops/{plan()['id']}/holding"
    client.post(url, headers={**callers.headers(), "Idempotency-Key": "k1"})
    again = client.post(url, headers={**callers.headers(), "Idempotency-Key": "k2"})
    assert again.status_code == 409
    assert again.json["type"] == "/problems/not-allowed-now"
    assert (again.json["verb"], again.json["state"], again.json["allowed_from"]) == ("hold", "held", ["planned"])


def test_a_closed_gate_names_the_missing_event(client: FlaskClient, callers: Callers, plan: Plan) -> None:
    url = f"/v1/workshops/{plan()['id']}/gate"
    waiting = client.post(url, headers=callers.headers())
    assert (waiting.status_code, waiting.headers["Retry-After"]) == (409, "2")
    assert waiting.json["missing"] == ["id.score.consulting.baseline_assessed.v1"]
    assert waiting.json["detail"] == "Belum ada penilaian awal."
    english = client.post(url, headers={**callers.headers(), "Accept-Language": "en-GB, id;q=0.5"})
    assert english.json["detail"] == "No baseline yet."


def test_an_unexpected_error_says_nothing_and_changes_nothing(
    client: FlaskClient, callers: Callers, plan: Plan, caplog: pytest.LogCaptureFixture
) -> None:
    url = f"/v1/workshops/{plan()['id']}/crash"
    crashed = client.post(url, headers={**callers.headers(), "Idempotency-Key": "k1", "X-Request-ID": "crash-1"})
    assert crashed.status_code == 500
    assert crashed.json["type"] == "/problems/internal-error"
    assert crashed.json["request_id"] == "crash-1"
    for secret in ("Traceback", "/etc/score", "mongodb", "RuntimeError", "password"):
        assert secret not in crashed.text
    assert rows()[0]["title"] == "Kaizen"
    assert list(connection.database()["idempotency"].find()) == []


def test_methods_that_every_address_has(client: FlaskClient, callers: Callers, plan: Plan) -> None:
    url = f"/v1/workshops/{plan()['id']}"
    head = client.head(url, headers=callers.headers())
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", '"1"')
    options = client.options(url)
    assert options.status_code == 200
    assert {"GET", "HEAD", "PATCH", "DELETE", "OPTIONS"} <= set(options.headers["Allow"].split(", "))
    wrong = client.put(url, json={}, headers=callers.headers())
    assert wrong.status_code == 405
    assert "PATCH" in wrong.headers["Allow"]
    assert wrong.mimetype == "application/problem+json"


def test_a_public_operation_needs_no_token(client: FlaskClient) -> None:
    assert client.get("/v1/about").text == "about"
