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
from shared.web.fields import Identifier
from shared.web.schema import Schema
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


def _names(body: type[Schema]) -> bool:
    """Whether a body has to name a thing that is there: by its id, or by a signed link."""
    return any(
        field.required and (isinstance(field, Identifier) or name == "link") for name, field in body().fields.items()
    )


EXAMPLES = {name: example for file in FILES for name, example in json.loads(file.read_text(encoding="utf-8")).items()}
# its day is one of the training's, which no document can know
DATED = [
    name
    for name, example in EXAMPLES.items()
    if name != "record_attendance" and re.search(r'"\d{4}-\d\d-\d\d', json.dumps(example.get("request")))
]
CREATIONS = [
    route.operation
    for _, route in OPERATIONS
    if route.status == HTTPStatus.CREATED and route.body and "<" not in route.rule and not _names(route.body)
]
NAMES_A_THING = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{64}")
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


@pytest.mark.parametrize("operation", DATED)
def test_an_example_with_days_is_taken_as_it_is_shown(operation: str, client: Client, tokens: Tokens) -> None:
    """Only ids, which are of things that are here, and signatures are others than in the document."""
    service, route = ROUTES[operation]
    caller, order = client(service.name), prepared(operation)
    sent = of_things_here(EXAMPLES[operation]["request"], order.body)
    headers = {**headers_of(tokens, provider_for(route), {"institution": ALPHA}), "If-Match": "*"}
    answer = caller.open(path_of(route, **order.path), method=route.method, json=sent, headers=headers)
    assert answer.status_code in (route.status, HTTPStatus.NO_CONTENT), answer.text


@pytest.mark.parametrize("operation", CREATIONS)
def test_who_sends_an_example_that_names_no_thing_has_made_one(operation: str, client: Client, tokens: Tokens) -> None:
    service, route = ROUTES[operation]
    caller = client(service.name)
    prepared(operation)  # there is the caller's institution
    headers = {**headers_of(tokens, provider_for(route), {"institution": ALPHA}), "Idempotency-Key": "as-shown"}
    answer = caller.open(path_of(route), method=route.method, json=EXAMPLES[operation]["request"], headers=headers)
    assert answer.status_code == route.status, answer.text


def provider_for(route: Route) -> str:
    return "provider" if "provider" in route.permits else role_for(route)


def of_things_here(example: Any, here: Any) -> Any:
    """An example with the ids of another body of its shape."""
    if isinstance(example, dict) and isinstance(here, dict):
        return {name: of_things_here(value, here.get(name)) for name, value in example.items()}
    if isinstance(example, list) and isinstance(here, list):
        return [of_things_here(*pair) for pair in zip(example, here, strict=False)]
    return here if isinstance(example, str) and NAMES_A_THING.fullmatch(example) else example


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
