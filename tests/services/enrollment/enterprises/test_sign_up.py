"""An enterprise signs up, and its people stay out of the events."""

from __future__ import annotations

from services.enrollment.institutions import commands as institutions_commands
from shared.contracts.events.enrollment import EnterpriseRegistered
from shared.kernel.principal import Principal
from shared.storage import connection
from tests.support.factories import ALPHA
from tests.support.fixture_types import Client
from tests.support.records import events_said
from tests.support.request_order import made_from_schema
from tests.support.tokens import Tokens


def test_an_enterprise_signs_up_and_its_people_stay_out_of_the_events(
    client: Client, tokens: Tokens, staff: Principal
) -> None:
    body = made_from_schema("register_enterprise")
    del body["provider_id"]
    answer = client("enrollment").post(
        "/v1/enterprises", json=body, headers=tokens.headers("provider", institution=ALPHA)
    )
    assert answer.status_code == 201, answer.text
    assert answer.headers["Location"] == f"/v1/enterprises/{answer.json['id']}"
    assert answer.headers["ETag"] == '"1"'
    assert answer.json["provider_id"] == str(ALPHA)
    (event,) = events_said(EnterpriseRegistered)
    assert (str(event.enterprise_id), event.provider_id) == (answer.json["id"], ALPHA)
    rows = str(list(connection.database()["outbox"].find({})))
    assert not [word for word in (*body["contact"].values(), body["name"]) if len(word) > 2 and word in rows]
    assert connection.database()["contact_outbox"].find_one({"_id": event.enterprise_id})["version"] == 1


def test_who_was_suspended_can_start_nothing_new(client: Client, tokens: Tokens, staff: Principal) -> None:
    institutions_commands.suspend_institution(ALPHA, "inactive")
    body = made_from_schema("register_enterprise", provider_id=str(ALPHA))
    answer = client("enrollment").post("/v1/enterprises", json=body, headers=tokens.headers("programme"))
    assert answer.status_code == 422
    assert [(fault["pointer"], fault["code"]) for fault in answer.json["errors"]] == [
        ("/provider_id", "institution-suspended")
    ]
