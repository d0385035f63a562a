"""Making something does not tell whether somebody else has the like, except where that must be told and is counted.

Each operation by which a provider makes something is sent twice; in between what it made goes to another provider, so that
only its content could be recognised. A new operation that answers otherwise the second time fails here.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

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

MAKING = [
    (service, route)
    for service, route in OPERATIONS
    if route.method == "POST" and route.location is not None and "provider" in route.permits
]
TOLD = {"register_enterprise": "comparisons"}  # and the collection in which it is counted
OWN = {
    "register_checked_import",  # its id holds that of a checked one of one's own
    "set_price",  # its id holds whose it is
    "credit_invoice",  # of an invoice of one's own, which is credited once
    "seat_enterprise",  # a seat is part of a training, which stays
    "start_assessment",  # of an enterprise of one's own, which has each assessment once
    "start_plan",  # of an enterprise of one's own, which has one plan of a module
    "schedule_visit",  # of an enterprise of one's own, whose visits are numbered whoever planned them
}


@pytest.mark.parametrize(("service", "route"), MAKING, ids=[route.operation for _, route in MAKING])
def test_what_others_have_is_told_only_where_it_is_counted(
    client: Client, tokens: Tokens, service: Service, route: Route
) -> None:
    if route.operation in OWN:
        return
    caller, order = client(service.name), prepared(route.operation)
    headers = tokens.headers("provider", institution=ALPHA)
    first = caller.post(path_of(route, **order.path), **order.sent, headers=headers)
    assert first.status_code == 201, first.text
    give_away(UUID(first.headers["Location"].rpartition("/")[2]))
    second = caller.post(path_of(route, **order.path), **order.sent, headers=headers)
    counted = TOLD.get(route.operation)
    if counted is None:
        assert second.status_code == 201, second.text
        return
    assert second.status_code == 409, "it is told no more: take it out of `TOLD`"
    assert [row["told"] for row in connection.database()[counted].find({"institution_id": ALPHA})] == [1]


def give_away(row_id: UUID) -> None:
    """Give a row to another provider, wherever it says whose it is."""
    database = connection.database()
    for name in database.list_collection_names():
        row = database[name].find_one({"_id": row_id})
        if row is not None:
            database[name].replace_one(
                {"_id": row_id}, {key: BETA if value == ALPHA else value for key, value in row.items()}
            )
