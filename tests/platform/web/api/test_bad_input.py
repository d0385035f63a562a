"""Whatever is sent, the answer is a problem document that names the part, and nothing changes."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.storage import connection
from tests.support.callers import Callers
from tests.support.workshops import effects

URL = "/v1/workshops"
GOOD = {"title": "Kaizen", "province": "ID-JB", "seats": 12, "days": ["2026-12-01"]}
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Bad:
    """One way to be wrong: what is sent, the status, and where the answer says it is wrong."""

    status: int
    code: str | None = None
    pointer: str | None = None
    parameter: str | None = None
    header: str | None = None
    change: dict[str, Any] = field(default_factory=dict)
    raw: bytes | None = None
    content_type: str | None = JSON
    headers: dict[str, str] = field(default_factory=dict)
    method: str = "POST"
    url: str = URL
    kind: str | None = None
    tells: str = ""


def nested(depth: int) -> bytes:
    return b'{"title":' * depth + b"1" + b"}" * depth


OPERATOR = {"$gt": ""}
CASES = {
    "unknown field": Bad(422, "unknown-field", "/colour", change={"colour": "red"}),
    "unknown nested field": Bad(422, "unknown-field", "/headcount/men", change={"headcount": {"men": 3}}),
    "server field": Bad(422, "unknown-field", "/version", change={"version": 9}),
    "server field provider": Bad(422, "unknown-field", "/provider", change={"provider": "x"}),
    "missing field": Bad(422, "required", "/title", change={"title": ...}),
    "null": Bad(422, "null", "/title", change={"title": None}),
    "number for text": Bad(422, "wrong-type", "/title", change={"title": 5}),
    "text for number": Bad(422, "wrong-type", "/seats", change={"seats": "12"}),
    "boolean for number": Bad(422, "wrong-type", "/seats", change={"seats": True}),
    "fraction for whole": Bad(422, "wrong-type", "/seats", change={"seats": 1.5}),
    "object for list": Bad(422, "wrong-type", "/days", change={"days": {}}),
    "list for object": Bad(422, "wrong-type", "/headcount", change={"headcount": []}),
    "out of range": Bad(422, "out-of-range", "/seats", change={"seats": 0}),
    "not a choice": Bad(422, "not-a-choice", "/province", change={"province": "ID-XX"}),
    "bad date": Bad(422, "wrong-type", "/days/1", change={"days": ["2026-12-01", "2026-02-30"]}),
    "compact date": Bad(422, "wrong-type", "/days/0", change={"days": ["20261201"]}),
    "too long": Bad(422, "wrong-length", "/title", change={"title": "x" * 81}),
    "only spaces": Bad(422, "wrong-length", "/title", change={"title": "   "}),
    "money as number": Bad(422, "wrong-type", "/fee", change={"fee": 5}),
    "money in dollars": Bad(422, "not-a-choice", "/fee/currency", change={"fee": {"amount": 5, "currency": "USD"}}),
    "money with decimals": Bad(422, "wrong-type", "/fee/amount", change={"fee": {"amount": 0.5, "currency": "IDR"}}),
    "negative money": Bad(422, "out-of-range", "/fee/amount", change={"fee": {"amount": -1, "currency": "IDR"}}),
    "operator for text": Bad(422, "operator", "/title/$gt", change={"title": OPERATOR}),
    "operator for number": Bad(422, "operator", "/seats/$gt", change={"seats": OPERATOR}),
    "operator in a list": Bad(422, "operator", "/days/0/$gt", change={"days": [OPERATOR]}),
    "operator as field": Bad(422, "operator", "/$where", change={"$where": "sleep(1000)"}),
    "operator name": Bad(422, "unknown-field", "/title__ne", change={"title__ne": ""}),
    "dotted name": Bad(422, "unknown-field", "/headcount.women", change={"headcount.women": 3}),
    "NUL": Bad(422, "control-character", "/title", change={"title": "a\0b"}),
    "NUL in lines": Bad(422, "control-character", "/note", change={"note": "a\0b"}),
    "line break": Bad(422, "control-character", "/title", change={"title": "a\nBcc: x@example.org"}),
    "line separator": Bad(422, "control-character", "/title", change={"title": "a\u2028b"}),
    "encoded word": Bad(422, "wrong-format", "/title", change={"title": "=?utf-8?q?A=0ABcc:_x@example.org?="}),
    "lone surrogate": Bad(422, "not-utf8", "/title", raw=json.dumps({**GOOD, "title": "\ud800"}).encode()),
    "huge integer": Bad(422, "number-too-large", "/seats", change={"seats": 10**30}),
    "endless integer": Bad(422, "number-too-large", "/seats", raw=b'{"seats": ' + b"9" * 5000 + b"}"),
    "beyond 64 bits": Bad(422, "number-too-large", "/seats", change={"seats": 2**63}),
    "NaN": Bad(422, "not-finite", "/seats", raw=b'{"seats": NaN}'),
    "Infinity": Bad(422, "not-finite", "/seats", raw=b'{"seats": -Infinity}'),
    "overflow": Bad(422, "not-finite", "/seats", raw=b'{"seats": 1e999}'),
    "repeated field": Bad(400, "duplicate-key", "", raw=b'{"title": "a", "title": "b"}'),
    "deep": Bad(400, "too-deep", "", raw=nested(1000)),
    "just too deep": Bad(400, "too-deep", "", raw=nested(21)),
    "endlessly deep": Bad(400, "too-deep", "", raw=b"[" * 500_000),
    "many fields": Bad(400, "too-many-keys", "", raw=json.dumps({f"f{n}": 0 for n in range(1001)}).encode()),
    "many values": Bad(400, "too-many-items", "", change={"days": [0] * 10_001}),
    "not JSON": Bad(400, "not-json", "", raw=b"{title: 1}"),
    "no body": Bad(400, "not-json", "", raw=b""),
    "trailing text": Bad(400, "not-json", "", raw=b"{} {}"),
    "bad UTF-8": Bad(400, "not-utf8", "", raw=b'{"title": "\xff\xfe"}'),
    "a list": Bad(422, "wrong-type", "", raw=b"[]"),
    "a text": Bad(422, "wrong-type", "", raw=b'"title"'),
    "null body": Bad(422, "wrong-type", "", raw=b"null"),
    "too large": Bad(413, raw=b'{"title": "' + b"x" * 2_097_152 + b'"}', kind="body-too-large"),
    "form": Bad(415, "media-type", header="Content-Type", raw=b"title=x", content_type=FORM),
    "plain text": Bad(415, "media-type", header="Content-Type", raw=b"{}", content_type="text/plain"),
    "no type": Bad(415, "media-type", header="Content-Type", raw=b"{}", content_type=None),
    "UTF-16": Bad(415, "media-type", header="Content-Type", raw=b"{}", content_type="application/json; charset=utf-16"),
    "gzip": Bad(415, "media-type", header="Content-Type", raw=b"\x1f\x8b", headers={"Content-Encoding": "gzip"}),
    "body of nothing": Bad(400, "no-body", "", url=f"{URL}/018f0000-0000-7000-8000-000000000001/gate"),
    "parameter of a command": Bad(400, "unknown-parameter", parameter="dry_run", url=f"{URL}?dry_run=1"),
    "bad id": Bad(404, url=f"{URL}/not-an-id", method="GET", kind="not-found"),
    "operator as id": Bad(404, url=f"{URL}/%7B%22$gt%22:%22%22%7D", method="GET", kind="not-found"),
    "unknown address": Bad(404, url="/v1/nothing", method="GET", kind="not-found"),
    "bad limit": Bad(400, "wrong-type", parameter="limit", url=f"{URL}?limit=ten", method="GET"),
    "limit too high": Bad(400, "out-of-range", parameter="limit", url=f"{URL}?limit=101", method="GET"),
    "limit of nothing": Bad(400, "out-of-range", parameter="limit", url=f"{URL}?limit=0", method="GET"),
    "bad sort": Bad(400, "not-a-choice", parameter="sort", url=f"{URL}?sort=fee", method="GET"),
    "bad filter value": Bad(400, "not-a-choice", parameter="province", url=f"{URL}?province=Java", method="GET"),
    "typed filter": Bad(400, "wrong-type", parameter="seats", url=f"{URL}?seats=many", method="GET"),
    "plus read as a space": Bad(
        400,
        "wrong-type",
        parameter="updated_since",
        url=f"{URL}?updated_since=2026-01-01T00:00:00+07:00",
        method="GET",
        tells=" %2B,",
    ),
    "unknown filter": Bad(400, "unknown-parameter", parameter="title", url=f"{URL}?title=a", method="GET"),
    "operator filter": Bad(400, "unknown-parameter", parameter="state[$ne]", url=f"{URL}?state[$ne]=x", method="GET"),
    "lookup filter": Bad(400, "unknown-parameter", parameter="state__ne", url=f"{URL}?state__ne=held", method="GET"),
    "repeated filter": Bad(400, "repeated", parameter="state", url=f"{URL}?state=held&state=planned", method="GET"),
    "bad cursor": Bad(400, "cursor", parameter="cursor", url=f"{URL}?cursor=abc", method="GET"),
    "bad format": Bad(400, "not-a-choice", parameter="format", url=f"{URL}?format=pdf", method="GET"),
    "bad delimiter": Bad(400, "not-a-choice", parameter="delimiter", url=f"{URL}?delimiter=|", method="GET"),
    "parameter of a read": Bad(
        400, "unknown-parameter", parameter="x", url=f"{URL}/018f0000-0000-7000-8000-000000000001?x=1", method="GET"
    ),
}


@pytest.mark.parametrize("bad", CASES.values(), ids=CASES.keys())
def test_bad_input_is_named_and_changes_nothing(client: FlaskClient, callers: Callers, bad: Bad) -> None:
    body = {name: value for name, value in {**GOOD, **bad.change}.items() if value is not ...}
    data = bad.raw if bad.raw is not None else json.dumps(body).encode() if bad.method == "POST" else None
    headers = {**callers.headers(), **bad.headers}
    answer = client.open(bad.url, method=bad.method, data=data, content_type=bad.content_type, headers=headers)
    assert answer.status_code == bad.status, answer.text
    assert answer.mimetype == "application/problem+json"
    document = answer.json
    assert {"type", "title", "status", "detail", "instance", "request_id"} <= document.keys()
    assert document["status"] == bad.status
    if bad.kind:
        assert document["type"] == f"/problems/{bad.kind}"
    place = {"pointer": bad.pointer, "parameter": bad.parameter, "header": bad.header}
    wanted = {name: value for name, value in place.items() if value is not None}
    if bad.code:
        faults = [{k: v for k, v in fault.items() if k != "detail"} for fault in document["errors"]]
        assert {**wanted, "code": bad.code} in faults, document["errors"]
        assert all(fault["detail"] and "…" not in fault["detail"] for fault in document["errors"]), document["errors"]
    assert bad.tells in answer.text
    assert effects == []
    for collection in ("workshops", "idempotency"):
        assert connection.database()[collection].find_one({}) is None


def test_texts_follow_the_language_and_codes_do_not(client: FlaskClient, callers: Callers) -> None:
    answers = {
        language: client.post(
            URL, json={**GOOD, "title": None}, headers={**callers.headers(), "Accept-Language": language}
        )
        for language in ("id", "en", "fr")
    }
    assert answers["id"].json["title"] == answers["fr"].json["title"] == "Ada isian yang tidak benar"
    assert answers["en"].json["title"] == "Something in the request is not right"
    details = {language: answer.json["errors"][0] for language, answer in answers.items()}
    assert details["id"]["detail"] == "Tidak boleh kosong (null)."
    assert details["en"] == {"pointer": "/title", "code": "null", "detail": "This may not be null."}
    assert answers["en"].headers["Content-Language"] == "en"
    assert "Accept-Language" in answers["en"].headers["Vary"]


HOSTILE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["$where", "{}", "../../etc", "ID-JB", "2026-12-01", "\x00", "\ud800", "＝1+1", "=?utf-8?q?x?="]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from([*GOOD, "fee", "headcount", "amount", "$gt", "__raw__"]) | st.text(), inner)
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.dictionaries(st.sampled_from([*GOOD, "fee", "headcount", "note", "$set"]), HOSTILE, min_size=1))
def test_no_json_is_a_server_error(app: Flask, callers: Callers, changes: dict[str, Any]) -> None:
    body = json.dumps({**GOOD, **changes}).encode()
    answer = app.test_client().post(URL, data=body, content_type=JSON, headers=callers.headers())
    assert answer.status_code in (201, 400, 422), answer.text
    if answer.status_code == 201:
        assert isinstance(changes.get("title", ""), str)
        assert not isinstance(changes.get("seats", 1), (str, float, bool))
        assert math.isfinite(answer.json["seats"])
    else:
        assert answer.mimetype == "application/problem+json"
        assert answer.json["errors"]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=200))
def test_no_bytes_are_a_server_error(app: Flask, callers: Callers, data: bytes) -> None:
    answer = app.test_client().post(URL, data=data, content_type=JSON, headers=callers.headers())
    assert answer.status_code in (400, 422), answer.text
