"""Each operation answers a good request, and the documents show one such request with its answer.

What is asked and answered here is what `make examples` writes into them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from shared.kernel.service import Service
from shared.web.answer import JSON
from shared.web.api.document.examples import FILE, METHODS, SHARED
from shared.web.api.route import Route
from tests.support.contract import hook, recorder
from tests.support.declared_operations import OPERATIONS, PARAMETER, SERVICES, app_of, each, path_of, role_for
from tests.support.factories import ALPHA
from tests.support.fixture_types import Client
from tests.support.good_requests import prepared
from tests.support.owned_things import OWNED
from tests.support.scope_trials import Sides, bindings, headers_of
from tests.support.tokens import Tokens

# What is only there when something has been done.
AFTER = {
    "show_commitment_letter": "commit_enterprise",
    "show_erasure": "erase_participant",
    "show_module_version": "publish_module_version",
    "show_institution_contact_erasure": "forget_institution_contact",
    "show_trainer_erasure": "erase_trainer",
    "show_target": "set_target",
    "show_tax_number": "register_enterprise",
    "verify_certificate": "grant_historic_certificate",
}
FILES = [SHARED, *(service.folder / FILE for service in SERVICES.values())]
MADE = {"publish_module_version": "module_version_id", "register_enterprise": "enterprise_id"}  # what it makes
ROUTES = {route.operation: (service, route) for service, route in OPERATIONS}
DOCUMENTS = {name: hook.document_of(app_of(name)) for name in SERVICES}


@each()
def test_a_change_answers(client: Client, tokens: Tokens, service: Service, route: Route) -> None:
    done(client(service.name), tokens, route)


@pytest.mark.parametrize("name", SERVICES)
def test_a_read_answers(name: str, client: Client, tokens: Tokens) -> None:
    caller, sides = client(name), Sides(name)
    for thing in OWNED[name]:
        sides.of(ALPHA, thing)
    bound = bindings(name)
    reads = [route for service, route in OPERATIONS if service.name == name and route.method == "GET"]
    wrong = []
    for route in reads:
        if route.operation not in AFTER and JSON in route.media_types(None):
            named = {each: sides.of(ALPHA, each) for _, each in PARAMETER.findall(route.rule) if each in OWNED[name]}
            answer = caller.get(path_of(route, **named), headers=headers_of(tokens, role_for(route), bound))
            if answer.status_code != HTTPStatus.OK:
                wrong.append(f"{route.operation}: {answer.text}")
    assert wrong == []


@pytest.mark.parametrize(("read", "change"), AFTER.items(), ids=AFTER)
def test_a_read_of_what_was_done_answers(read: str, change: str, client: Client, tokens: Tokens) -> None:
    service, route = ROUTES[read]
    caller = client(service.name)
    known = done(caller, tokens, ROUTES[change][1])
    answer = caller.get(path_of(route, **known), headers=tokens.headers("programme"))
    assert answer.status_code == 200, answer.text


def done(caller: FlaskClient, tokens: Tokens, route: Route) -> dict[str, object]:
    """Send the good request of a change; what it said, and the name of what it made."""
    order = prepared(route.operation)
    headers = {**headers_of(tokens, role_for(route), {"institution": ALPHA}), "Idempotency-Key": "good"}
    answer = caller.open(path_of(route, **order.path), method=route.method, headers=headers, **order.sent)
    assert answer.status_code in (route.status, HTTPStatus.NO_CONTENT), answer.text
    made = {MADE[route.operation]: answer.json["id"]} if route.operation in MADE else {}
    return {**(order.body or {}), **order.path, **made}


def bodies(name: str) -> Iterator[tuple[str, str, Any]]:
    """Each JSON that the requests and the good answers of a service have: whose and where it is, and how it is described."""
    for path, item in DOCUMENTS[name].content["paths"].items():
        for method in METHODS:
            operation = item.get(method, {})
            parts = {"requestBody": operation.get("requestBody", {})}
            parts |= {f"responses/{status}": answer for status, answer in operation.get("responses", {}).items()}
            for part, described in parts.items():
                place = "/".join(
                    ("", "paths", path.replace("/", "~1"), method, part, "content", JSON.replace("/", "~1"))
                )
                good = part == "requestBody" or part.startswith("responses/2")
                if good and JSON in described.get("content", {}):
                    yield operation["operationId"], place, described["content"][JSON]


@pytest.mark.parametrize("name", SERVICES)
def test_every_body_has_an_example_as_its_schema_says(name: str) -> None:
    wrong = []
    for operation, place, described in bodies(name):
        if "example" not in described:
            wrong.append(f"{operation} has no example in {place}: `make examples`")
            continue
        validator = DOCUMENTS[name].validator(f"{place}/schema")
        wrong += [f"{operation} {place}: {error.message}" for error in validator.iter_errors(described["example"])]
    assert wrong == []


@pytest.mark.parametrize("file", FILES, ids=str)
def test_an_example_is_of_nobody_and_no_run(file: Path) -> None:
    """Ids, days and signatures are the settled ones, and addresses those that exist nowhere."""
    text = file.read_text(encoding="utf-8")
    for operation, example in json.loads(text).items():
        assert recorder.settled(example) == example, operation
    assert set(re.findall(r"@([\w.-]+)", text)) <= {"example.org"}
    assert set(re.findall(r"\+62\d+", text)) <= {"+620000000000"}


def test_no_example_is_of_an_operation_that_is_gone() -> None:
    known = {operation for file in FILES for operation in json.loads(file.read_text(encoding="utf-8"))}
    assert known <= ROUTES.keys()
