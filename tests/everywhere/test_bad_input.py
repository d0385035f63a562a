"""Whatever is sent to any operation of any service: a problem document that names the part, and nothing changed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from shared.access.permissions import PUBLIC, ROLES
from shared.domain.external_ids import EXTERNAL_ID
from shared.kernel.service import Service
from shared.kernel.settings.current import settings
from shared.storage import connection
from shared.web.api.route import Route
from shared.web.pages.declare import Page, Pages
from shared.web.pages.operations.pages import OPERATIONS as PAGES_OF_OPERATIONS
from shared.web.pages.session.visitor import TOKEN_COOKIE
from tests.support.declared_operations import (
    OPERATIONS,
    PARAMETER,
    SERVICES,
    UNKNOWN,
    each,
    of_service,
    path_of,
    role_for,
)
from tests.support.fingerprint import fingerprint
from tests.support.good_requests import ORDERS, prepared
from tests.support.monitor import MONITOR
from tests.support.request_bodies import OPERATOR, accepted, faults
from tests.support.tokens import Tokens

Client = Callable[[str], FlaskClient]
JSON = "application/json"
MEMBERS = {"type", "title", "status", "detail", "instance", "request_id"}


def nested(depth: int) -> bytes:
    return b'{"a":' * depth + b"1" + b"}" * depth


def problem(answer: Any, status: int | tuple[int, ...]) -> dict[str, Any]:
    """The problem document of an answer that must be one."""
    statuses = (status,) if isinstance(status, int) else status
    assert answer.status_code in statuses, f"{answer.status_code}: {answer.text}"
    assert answer.mimetype == "application/problem+json"
    document: dict[str, Any] = answer.json
    assert document.keys() >= MEMBERS
    assert document["status"] == answer.status_code
    return document


def named(document: dict[str, Any], place: str) -> list[str]:
    return [fault[place] for fault in document.get("errors", []) if place in fault]


@each(body=True)
def test_every_wrong_field_is_named(client: Client, tokens: Tokens, service: Service, route: Route) -> None:
    caller, url = client(service.name), path_of(route)
    headers = {**tokens.headers(role_for(route)), "If-Match": '"0"', "Idempotency-Key": "k"}
    before = fingerprint()
    unnamed = []
    for fault in faults(route.body):
        answer = caller.open(url, method=route.method, data=json.dumps(fault.body), content_type=JSON, headers=headers)
        pointers = named(problem(answer, 422), "pointer")
        if not any(f"{pointer}/".startswith(f"{fault.pointer}/") for pointer in pointers):
            unnamed.append((fault.what, pointers))
    assert unnamed == []
    assert fingerprint() == before


@each(body=True)
def test_a_body_that_cannot_be_read_is_refused(client: Client, tokens: Tokens, service: Service, route: Route) -> None:
    caller, url = client(service.name), path_of(route)
    headers = {**tokens.headers(role_for(route)), "If-Match": '"0"'}
    good = json.dumps(accepted(route.body)).encode()
    before = fingerprint()

    def sent(data: bytes, status: int, kind: str | None = JSON, **more: str) -> dict[str, Any]:
        said = {**headers, **{name.replace("_", "-"): value for name, value in more.items()}}
        return problem(caller.open(url, method=route.method, data=data, content_type=kind, headers=said), status)

    assert sent(b'{"a": "' + b"x" * 2**21 + b'"}', 413)["type"] == "/problems/body-too-large"
    for unreadable in (nested(1000), b'{"a": "\xff"}', b"{", b"", b'{"a": 1, "a": 2}'):
        assert named(sent(unreadable, 400), "pointer") == [""]
    for kind in ("text/plain", "application/x-www-form-urlencoded", None):
        assert named(sent(good, 415, kind), "header") == ["Content-Type"]
    assert named(sent(good, 415, Content_Encoding="gzip"), "header") == ["Content-Type"]
    assert fingerprint() == before


@each()
def test_what_an_operation_does_not_take_is_refused(
    client: Client, tokens: Tokens, service: Service, route: Route
) -> None:
    caller, headers = client(service.name), {**tokens.headers(role_for(route)), "If-Match": '"0"'}
    before = fingerprint()
    body = None if route.body is None else accepted(route.body)
    sent: dict[str, Any] = {"json": body}
    if route.consumes != (JSON,):
        sent = {"data": b"", "content_type": route.consumes[0]}
    answer = caller.open(f"{path_of(route)}?dry_run=1", method=route.method, **sent, headers=headers)
    assert named(problem(answer, 400), "parameter") == ["dry_run"]
    if route.body is None:
        answer = caller.open(path_of(route), method=route.method, json=OPERATOR, headers=headers)
        if route.consumes == (JSON,):
            assert named(problem(answer, 400), "pointer") == [""]
        else:
            assert named(problem(answer, 415), "header") == ["Content-Type"]
    if route.keeps_answers:
        for key in ("", "x" * 129, "\t", "kunci-ü"):
            answer = caller.post(path_of(route), **sent, headers={**headers, "Idempotency-Key": key})
            assert named(problem(answer, 400), "header") == ["Idempotency-Key"]
    assert fingerprint() == before


@pytest.mark.parametrize("name", SERVICES)
def test_every_wrong_parameter_is_named(client: Client, tokens: Tokens, name: str) -> None:
    caller = client(name)
    for route in of_service(name, reads=True):
        headers, url = tokens.headers(role_for(route)), path_of(route)
        wrong = {"colour": "colour=red", "$where": "$where=1"}
        if route.listing is not None:
            wrong |= {f"{field}[$ne]": f"{field}[$ne]=x" for field in route.listing.filters}
            wrong |= {f"{field}__ne": f"{field}__ne=x" for field in route.listing.filters}
            wrong |= {field: f"{field}=a&{field}=b" for field in route.listing.filters}
            coded = set(route.listing.filters) - {EXTERNAL_ID}  # which is free text
            wrong |= {f"{field} ": f"{field}=%27%20or%201" for field in coded}
            values = {"limit": "0", "cursor": "abc", "sort": "name'", "format": "pdf", "delimiter": "|"}
            wrong |= {field: f"{field}={value}" for field, value in values.items()}
        for parameter, query in wrong.items():
            document = problem(caller.get(f"{url}?{query}", headers=headers), 400)
            assert named(document, "parameter") == [parameter.strip()], f"{route.operation}?{query}"


@pytest.mark.parametrize("name", SERVICES)
def test_ids_that_are_none_are_unknown(client: Client, tokens: Tokens, name: str) -> None:
    caller = client(name)
    for route in of_service(name, reads=True):
        headers, (place, inside, _) = tokens.headers(role_for(route)), route.rule.partition("<")
        for wrong in ("not-an-id", "%7B%22$gt%22:%22%22%7D", "%00", "..%2f..%2fetc", "%ff%fe", "x" * 4000):
            if inside:
                problem(caller.get(f"{place}{wrong}", headers=headers), (404, 400))


@pytest.mark.parametrize("name", SERVICES)
def test_no_token_no_answer(client: Client, tokens: Tokens, name: str) -> None:
    caller = client(name)
    before = fingerprint()
    answers = set()
    for route in of_service(name, guarded=True):
        body = None if route.body is None else accepted(route.body)
        for what, headers in tokens.refused(role_for(route)).items():
            answer = caller.open(path_of(route), method=route.method, json=body, headers=headers)
            document = problem(answer, 401)
            assert answer.headers["WWW-Authenticate"].startswith("Bearer"), f"{route.operation}, {what}"
            answers.add((document["type"], document["detail"], str(document.get("errors"))))
    assert len(answers) == 1, "the answer does not say what is wrong with a token"
    assert fingerprint() == before


@pytest.mark.parametrize("name", SERVICES)
def test_every_other_role_is_forbidden(client: Client, tokens: Tokens, name: str) -> None:
    caller = client(name)
    before = fingerprint()
    for route in of_service(name, guarded=True):
        body = None if route.body is None else accepted(route.body)
        for role in sorted(ROLES - set(route.permits)):
            answer = caller.open(path_of(route), method=route.method, json=body, headers=tokens.headers(role))
            problem(answer, 403)
    assert fingerprint() == before


@each()
def test_a_stale_version_changes_nothing(client: Client, tokens: Tokens, service: Service, route: Route) -> None:
    caller, order = client(service.name), prepared(route.operation)
    url, headers = path_of(route, **order.path), tokens.headers(role_for(route))
    if not order.path or "signed" in order.path:
        return  # there is no object yet whose version could be named, or a link stands for it
    before = fingerprint()
    for stale, status in (('"999"', 412), ('W/"1"', 412), ("1", 400)):
        answer = caller.open(url, method=route.method, **order.sent, headers={**headers, "If-Match": stale})
        assert named(problem(answer, status), "header") == ["If-Match"]
        assert fingerprint() == before
    if route.method in ("PUT", "PATCH"):
        answer = caller.open(url, method=route.method, json=order.body, headers=headers)
        assert named(problem(answer, 428), "header") == ["If-Match"]
        assert fingerprint() == before


@each()
def test_a_repeated_key_has_one_effect(client: Client, tokens: Tokens, service: Service, route: Route) -> None:
    if route.method != "POST":
        return  # PUT names the version it replaces
    caller, order = client(service.name), prepared(route.operation)
    url = path_of(route, **order.path)
    token = {} if route.permits is PUBLIC else tokens.headers("programme")
    headers = {**token, "Idempotency-Key": "018f-key"}
    MONITOR.watch()
    first = caller.post(url, **order.sent, headers=headers)
    MONITOR.finish()
    assert first.status_code in (200, 201), first.text
    assert first.status_code == route.status
    before = fingerprint()
    again = caller.post(url, **order.sent, headers=headers)
    if not route.keeps_answers:  # of somebody without a token it would join a person to what was said, and to a moment
        assert connection.database()["idempotency"].count_documents({}) == 0
        assert fingerprint() == before
        return
    assert (again.status_code, again.json) == (first.status_code, first.json)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers.get("Location") == first.headers.get("Location")
    if order.other is not None:
        answer = caller.post(url, json=order.other, headers=headers)
        document = problem(answer, 422)
        assert document["type"] == "/problems/idempotency-key-reused"
        assert named(document, "header") == ["Idempotency-Key"]
    assert fingerprint() == before


def test_every_change_has_a_good_request() -> None:
    changes = {route.operation for _, route in OPERATIONS if route.method != "GET"}
    assert changes == set(ORDERS), "each has a line in `ORDERS` of tests/support/good_requests.py"


@pytest.mark.parametrize("name", SERVICES)
def test_no_token_no_page(site: Any, tokens: Tokens, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("SCORE_JWKS_URL", tokens.jwks.as_uri())
    settings.cache_clear()
    app = site(SERVICES[name])
    before = fingerprint()
    for page in (*Pages.joined(SERVICES[name].pages), *PAGES_OF_OPERATIONS):
        if page.permits is PUBLIC:
            continue
        for what, headers in tokens.refused(min(page.permits)).items():
            visitor = app.test_client()
            visitor.set_cookie(
                TOKEN_COOKIE, headers.get("Authorization", "").removeprefix("Bearer "), domain="localhost"
            )
            answer = visitor.open(filled(page), method=page.method)
            assert (answer.status_code, answer.location.startswith("/signin?")) == (303, True), f"{page.name}, {what}"
    assert fingerprint() == before


def filled(page: Page) -> str:
    """Return the address of a page; what is not given names nothing that exists."""
    path = re.sub(r"<any\((\w+)[^>]*>", r"\1", page.path)
    return PARAMETER.sub(lambda found: UNKNOWN if found[1] == "uuid" else "x", path)
