"""A kept answer is given again to whoever may read its object now, and noted as a read; to nobody else.

Where it showed somebody who is erased since, nothing of it is left, and its repeat makes nobody anew.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from marshmallow import Schema, fields

from shared.kernel.service import Service
from shared.storage import connection
from shared.web.api.route import Route
from shared.web.fields import Email, Phone
from tests.support.declared_operations import OPERATIONS, path_of
from tests.support.factories import ALPHA, BETA
from tests.support.good_requests import prepared
from tests.support.tokens import Tokens

Client = Callable[[str], FlaskClient]

KEPT = [(service, route) for service, route in OPERATIONS if route.keeps_answers and "provider" in route.permits]
OWN = {"forget_institution_contact", "forget_institution_address"}  # an institution does not move
# No object, so it is made again; or no token: refused by itself when repeated, or without a further effect.
NOT_KEPT = {
    "find_participants",
    "find_enterprises",
    "answer_evaluation",
    "confirm_visit_by_link",
    "opt_out",
    "release_letters",
}

# How those end whom a creation holds: the operation, and what its path takes of the first answer.
ENDED_BY: dict[str, tuple[tuple[str, Callable[[Any], dict[str, object]]], ...]] = {
    "register_participant": (("erase_participant", lambda made: {"participant_id": made["id"]}),),
    "register_trainer": (("erase_trainer", lambda made: {"trainer_id": made["id"]}),),
    "register_enterprise": (("forget_enterprise_contact", lambda made: {"enterprise_id": made["id"]}),),
    "register_institution": (
        ("forget_institution_address", lambda made: {"institution_id": made["id"]}),
        (
            "forget_institution_contact",
            lambda made: {"institution_id": made["id"], "contact_id": made["contacts"][0]["contact_id"]},
        ),
    ),
}
ENDS = [(operation, *end) for operation, ends in ENDED_BY.items() for end in ends]
ROUTES = {route.operation: (service, route) for service, route in OPERATIONS}


def test_what_keeps_no_answer_is_known() -> None:
    without = {route.operation for _, route in OPERATIONS if route.method == "POST" and not route.keeps_answers}
    assert without == NOT_KEPT


@pytest.mark.parametrize(("service", "route"), KEPT, ids=[route.operation for _, route in KEPT])
def test_a_repeat_tells_nothing_of_what_has_moved_away(
    client: Client, tokens: Tokens, service: Service, route: Route
) -> None:
    caller, order = client(service.name), prepared(route.operation)
    url = path_of(route, **order.path)

    def ask() -> Any:
        headers = {**tokens.headers("provider", institution=ALPHA), "Idempotency-Key": "kept"}
        return caller.post(url, **order.sent, headers=headers)

    first = ask()
    assert first.status_code == route.status, first.text
    again = ask()
    assert (again.status_code, again.data, again.headers["Idempotent-Replayed"]) == (route.status, first.data, "true")
    assert noted(route) == (["allowed"] * 2 if route.personal else [])

    move_everything()
    moved = ask()
    if route.operation in OWN:
        assert (moved.status_code, moved.data) == (first.status_code, first.data)
        return
    assert (moved.status_code, moved.json["type"]) == (404, "/problems/not-found"), moved.text
    assert "Idempotent-Replayed" not in moved.headers
    assert noted(route) == (["allowed", "allowed", "not_found"] if route.personal else [])
    assert all(row["object"] for row in noted_rows(route)[1:])


def noted_rows(route: Route) -> list[dict[str, Any]]:
    return list(connection.database()["access_log"].find({"action": route.operation}).sort("at", 1))


def noted(route: Route) -> list[str]:
    return [row["outcome"] for row in noted_rows(route)]


def move_everything() -> None:
    """Give everything that one provider has to another."""
    database = connection.database()
    for name in database.list_collection_names():
        if name in ("idempotency", "access_log"):
            continue
        for row in database[name].find({}):
            moved = {key: value if key == "_id" else given(value) for key, value in row.items()}
            if moved != row:
                database[name].replace_one({"_id": row["_id"]}, moved)


def given(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: given(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [given(inner) for inner in value]
    return BETA if value == ALPHA else value


def test_whoever_is_made_under_a_key_can_end() -> None:
    holding = {
        route.operation
        for _, route in OPERATIONS
        if route.keeps_answers and route.location is not None and route.body is not None and holds_person(route.body())
    }
    assert holding == ENDED_BY.keys(), "say by which operation those end whom it holds"


def holds_person(schema: Schema) -> bool:
    return any(map(is_personal, schema.fields.values()))


def is_personal(field: fields.Field[Any]) -> bool:
    if isinstance(field, fields.List):
        return is_personal(field.inner)
    if isinstance(field, fields.Nested):
        return holds_person(field.schema)
    return isinstance(field, Email | Phone)


@pytest.mark.parametrize(("operation", "end", "named"), ENDS, ids=[end for _, end, _ in ENDS])
def test_a_repeat_does_not_undo_an_erasure(
    client: Client, tokens: Tokens, operation: str, end: str, named: Callable[[Any], dict[str, object]]
) -> None:
    (service, route), (_, ending) = ROUTES[operation], ROUTES[end]
    caller, order = client(service.name), prepared(operation)

    def ask(asked: Route, path: dict[str, object], key: str, body: Any = None) -> Any:
        sent = {} if body is None else {"json": body}
        return caller.post(
            path_of(asked, **path), **sent, headers={**tokens.headers("programme"), "Idempotency-Key": key}
        )

    first = ask(route, order.path, "laz", order.body)
    assert first.status_code == 201, first.text
    ended = ask(ending, named(first.json), "end")
    assert ended.status_code == 200, ended.text
    before = stored()
    for _ in range(2):
        again = ask(route, order.path, "laz", order.body)
        assert (again.status_code, again.json["type"]) == (404, "/problems/not-found"), again.text
        assert "Idempotent-Replayed" not in again.headers
    assert stored() == before, "nothing is made"
    assert ask(route, order.path, "laz", order.other).json["type"] == "/problems/idempotency-key-reused"
    assert ask(ending, named(first.json), "end").data == ended.data, "the erasure itself may be asked for again"


def stored() -> dict[str, list[dict[str, Any]]]:
    database = connection.database()
    return {name: list(database[name].find({})) for name in database.list_collection_names() if name != "access_log"}


def test_what_only_names_an_enterprise_is_answered_again_when_its_contact_is_forgotten(
    client: Client, tokens: Tokens
) -> None:
    caller, order = client("enrollment"), prepared("register_participant")
    headers = {**tokens.headers("programme"), "Idempotency-Key": "laz"}
    first = caller.post("/v1/participants", json=order.body, headers=headers)
    forgetting = path_of(ROUTES["forget_enterprise_contact"][1], enterprise_id=first.json["enterprise_id"])
    ended = caller.post(forgetting, headers=tokens.headers("programme"))
    assert ended.status_code == 200, ended.text
    again = caller.post("/v1/participants", json=order.body, headers=headers)
    assert (again.data, again.headers["Idempotent-Replayed"]) == (first.data, "true")
