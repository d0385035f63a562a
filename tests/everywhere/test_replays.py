"""A kept answer is given again to whoever may read its object now, and noted as a read; to nobody else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from shared.kernel.service import Service
from shared.storage import connection
from shared.web.api.route import Route
from tests.support.declared_operations import OPERATIONS, path_of
from tests.support.factories import ALPHA, BETA
from tests.support.good_requests import prepared
from tests.support.tokens import Tokens

Client = Callable[[str], FlaskClient]

KEPT = [(service, route) for service, route in OPERATIONS if route.keeps_answers and "provider" in route.permits]
OWN = {"forget_institution_contact", "forget_institution_address"}  # an institution does not move
NOT_KEPT = {"find_participants", "answer_evaluation"}  # no object: made again, or refused by themselves


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
