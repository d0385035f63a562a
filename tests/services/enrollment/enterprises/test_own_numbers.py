"""An institution keeps its own number beside an enterprise: once, for itself, until the enterprise moves on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from services.enrollment.enterprises.model import Enterprise
from services.enrollment.people.model import Participant
from services.enrollment.privacy import commands as privacy_commands
from services.enrollment.transfers import commands as transfers_commands
from shared.kernel.context import acting_as
from shared.storage import connection
from tests.support import factories
from tests.support.enterprise_bodies import NIB, body
from tests.support.factories import ALPHA, BETA, STAFF
from tests.support.tokens import Tokens

URL = "/v1/enterprises"
NPWP = "012345678901000"


def registered(caller: FlaskClient, headers: dict[str, str], **described: Any) -> Any:
    return caller.post(URL, json=body(confirm_distinct="namesake", **described), headers=headers)


def test_a_number_is_given_once_in_an_institution(
    caller: FlaskClient, provider: dict[str, str], tokens: Tokens
) -> None:
    with acting_as(STAFF):
        factories.institution(BETA, name="Lain Contoh")
    first = registered(caller, provider, external_id=" C-17 ")
    assert (first.status_code, first.json["external_id"]) == (201, "C-17")
    again = registered(caller, provider, name="Logam Lain", external_id="C-17")
    assert (again.status_code, again.json["type"], again.json["existing_id"]) == (
        409, "/problems/external-id-taken", first.json["id"],
    )  # fmt: skip
    assert [fault["pointer"] for fault in again.json["errors"]] == ["/external_id"]
    other = registered(caller, tokens.headers("provider", institution=BETA), name="Logam Lain", external_id="C-17")
    assert other.status_code == 201, "each institution has numbers of its own"
    tag = provider | {"If-Match": "*"}
    second = registered(caller, provider, name="Batik Lain", external_id="C-18").json
    assert caller.patch(f"{URL}/{second['id']}", json={"external_id": "C-17"}, headers=tag).status_code == 409
    cleared = caller.patch(f"{URL}/{first.json['id']}", json={"external_id": None}, headers=tag)
    assert (cleared.status_code, cleared.json["external_id"]) == (200, None)
    given = caller.patch(f"{URL}/{second['id']}", json={"external_id": "C-17"}, headers=tag)
    assert (given.status_code, given.json["external_id"]) == (200, "C-17")
    unchanged = caller.patch(f"{URL}/{second['id']}", json={"external_id": "C-17"}, headers=tag)
    assert unchanged.json["version"] == given.json["version"]
    assert all("C-17" not in str(row) for row in connection.database()["outbox"].find({}))


def test_the_number_of_a_former_provider_stays_behind(caller: FlaskClient, enterprise_id: UUID) -> None:
    with acting_as(STAFF):
        factories.institution(BETA, name="Lain Contoh")
        moved = factories.enterprise(ALPHA, external_id="C-1")
        person = factories.person(moved.id, external_id="P-1").id
        given_up, kept = (factories.enterprise(ALPHA, external_id=number) for number in ("C-2", None))
        transfers_commands.merge_enterprises(given_up.id, kept_id=kept.id, reason="registered_twice")
        assert Enterprise.get(kept.id).external_id == "C-2"
        transfers_commands.change_provider(moved.id, provider_id=BETA)
        assert (Enterprise.get(moved.id).external_id, Participant.get(person).external_id) == (None, None)
        merged = factories.enterprise(ALPHA, external_id="C-1")
        transfers_commands.merge_enterprises(merged.id, kept_id=moved.id, reason="registered_twice")
        assert Enterprise.get(moved.id).external_id is None, "it belongs to another provider"


def test_an_erased_person_has_no_number(enterprise_id: UUID) -> None:
    with acting_as(STAFF):
        person = factories.person(enterprise_id, external_id="P-1").id
        privacy_commands.erase_participant(person)
        assert "external_id" not in connection.database()["participants"].find_one({"_id": person})


@pytest.mark.parametrize(
    ("described", "asked"),
    [
        ({"npwp": NPWP}, {"npwp": "01.234.567.8-901.000"}),
        ({"npwp": NPWP}, {"npwp": f"0{NPWP}"}),
        ({"npwp": NPWP, "legal_form": "UD"}, {"npwp": NPWP}),
        ({"npwp": "3374010101800001", "legal_form": "perorangan"}, {"npwp": "3374010101800001"}),
        ({"nib": NIB}, {"nib": NIB}),
        ({"nib": NIB, "npwp": NPWP}, {"nib": NIB, "npwp": NPWP}),
    ],
)
def test_an_enterprise_is_found_by_its_numbers_by_who_may_see_it(
    caller: FlaskClient, provider: dict[str, str], tokens: Tokens, described: dict[str, str], asked: dict[str, str]
) -> None:
    made = registered(caller, provider, **described)
    assert made.status_code == 201, made.json
    for headers, found in ((provider, [made.json["id"]]), (tokens.headers("provider", institution=BETA), [])):
        answer = caller.post(f"{URL}/search", json=asked, headers=headers)
        assert [row["id"] for row in answer.json["items"]] == found
    other = {name: f"{number[:-1]}9" for name, number in asked.items() if "." not in number}
    assert not other or caller.post(f"{URL}/search", json=other, headers=provider).json == {"items": []}
    assert caller.post(f"{URL}/search", json=asked, headers=tokens.headers("trainer")).status_code == 403
    by_nothing = caller.post(f"{URL}/search", json={}, headers=provider)
    assert (by_nothing.status_code, by_nothing.json["errors"][0]["pointer"]) == (422, "/nib")
    noted = connection.database()["access_log"].find({"action": "find_enterprises"})
    assert {row["outcome"] for row in noted} == {"allowed", "forbidden"}
