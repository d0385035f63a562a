"""One effect per Idempotency-Key, whatever is repeated, at once or later."""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient

from shared.storage import connection
from tests.support.callers import BETA, Callers

BODY = {"title": "Kaizen", "province": "ID-JB", "seats": 12, "days": ["2026-12-01"]}
URL = "/v1/workshops"


def count(collection: str = "workshops") -> int:
    return len(list(connection.database()[collection].find({}, {"_id": 1})))


def test_a_repeat_gets_the_first_answer_and_has_no_effect(client: FlaskClient, callers: Callers) -> None:
    headers = {**callers.headers(), "Idempotency-Key": "first"}
    first = client.post(URL, json=BODY, headers=headers)
    repeat = client.post(URL, data=b'{"days":["2026-12-01"],"seats":12,"province":"ID-JB", "title":"Kaizen"}',
                         content_type="application/json", headers=headers)  # fmt: skip
    assert (first.status_code, repeat.status_code, count()) == (201, 201, 1)
    assert repeat.data == first.data
    for name in ("ETag", "Location"):
        assert repeat.headers[name] == first.headers[name]
    assert "Idempotent-Replayed" not in first.headers
    assert repeat.headers["Idempotent-Replayed"] == "true"


def test_a_key_stands_for_one_request_of_one_caller_and_operation(
    client: FlaskClient, callers: Callers, plan: Callable[..., dict[str, Any]]
) -> None:
    headers = {**callers.headers(), "Idempotency-Key": "same"}
    client.post(URL, json=BODY, headers=headers)
    other_body = client.post(URL, json={**BODY, "seats": 13}, headers=headers)
    assert other_body.status_code == 422
    assert other_body.json["type"] == "/problems/idempotency-key-reused"
    assert other_body.json["errors"][0]["header"] == "Idempotency-Key"

    foreign = {**callers.headers(institution=str(BETA)), "Idempotency-Key": "same"}
    assert "Idempotent-Replayed" not in client.post(URL, json=BODY, headers=foreign).headers
    made = plan()
    other_operation = client.post(f"{URL}/{made['id']}/holding", headers=headers)
    assert other_operation.status_code == 200
    other_object = client.post(f"{URL}/{plan()['id']}/holding", headers=headers)
    assert other_object.status_code == 422


def test_a_request_that_an_earlier_release_answered_is_known(client: FlaskClient, callers: Callers) -> None:
    headers = {**callers.headers(), "Idempotency-Key": "before"}
    first = client.post(URL, json=BODY, headers=headers)
    rows, database = connection.database()["idempotency"], connection.database()
    content = b"/v1/workshops\n\n" + orjson.dumps(BODY, option=orjson.OPT_SORT_KEYS)
    without_key = hashlib.sha256(content).hexdigest()
    rows.update_one({}, {"$set": {"digest": without_key}})
    for _ in range(2):
        importlib.import_module("shared.migrations.0001_keyed_digests").apply(database)
        assert without_key not in str(rows.find_one())
    repeat = client.post(URL, json=BODY, headers=headers)
    assert (repeat.data, repeat.headers["Idempotent-Replayed"], count()) == (first.data, "true", 1)
    assert client.post(URL, json={**BODY, "seats": 13}, headers=headers).status_code == 422


def test_a_refusal_is_not_kept(client: FlaskClient, callers: Callers) -> None:
    headers = {**callers.headers(), "Idempotency-Key": "again"}
    assert client.post(URL, json={**BODY, "seats": 0}, headers=headers).status_code == 422
    assert client.post(URL, json=BODY, headers=headers).status_code == 201
    assert count("idempotency") == 1


def test_a_row_expires(client: FlaskClient, callers: Callers) -> None:
    client.post(URL, json=BODY, headers={**callers.headers(), "Idempotency-Key": "k"})
    row = connection.database()["idempotency"].find_one()
    assert (row["expires_at"] - row["created_at"]).days == 30


def test_an_operation_may_demand_a_key(
    client: FlaskClient, callers: Callers, plan: Callable[..., dict[str, Any]]
) -> None:
    url = f"{URL}/{plan()['id']}/holding"
    missing = client.post(url, headers=callers.headers())
    assert (missing.status_code, missing.json["errors"][0]["header"]) == (400, "Idempotency-Key")


@pytest.mark.parametrize("key", ["", "with space", "é", "x" * 129, "tab\there"])
def test_a_key_is_visible_ascii(client: FlaskClient, callers: Callers, key: str) -> None:
    headers = {**callers.headers(), "Idempotency-Key": key.encode().decode("latin-1")}
    refused = client.post(URL, json=BODY, headers=headers)
    assert (refused.status_code, refused.json["errors"][0]["header"]) == (400, "Idempotency-Key")
    assert count() == 0


@pytest.mark.parametrize("round_", range(3))
def test_at_once_there_is_one_effect(app: Flask, client: FlaskClient, callers: Callers, round_: int) -> None:
    headers = {**callers.headers(), "Idempotency-Key": f"race-{round_}"}
    start = Barrier(8)

    def ask(_: int) -> tuple[int, bytes, Any]:
        start.wait()
        answer = app.test_client().post(URL, json=BODY, headers=headers)
        return answer.status_code, answer.data, answer.headers.get("Retry-After")

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(8)))
    assert count() == 1
    assert count("idempotency") == 1
    made = {body for status, body, _ in answers if status == 201}
    assert len(made) == 1
    assert all(status == 201 or (status == 409 and wait) for status, _, wait in answers)
