"""Enterprises from sign-up to graduation on the real store: what is refused, who is told, who sees it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson
import pytest

from services.enrollment.transfers import commands as transfers_commands
from shared.kernel.principal import Principal
from shared.storage import connection
from tests.support import factories
from tests.support.enterprise_bodies import NIB, body
from tests.support.factories import ALPHA, BETA
from tests.support.fixture_types import Client
from tests.support.tokens import Tokens


def test_numbers_are_kept_in_one_form_and_amounts_not_at_all(client: Client, tokens: Tokens, staff: Principal) -> None:
    asked = body(
        nib="9120 0012 34567", npwp="01.234.567.8-901.000", kbli="31001", size_source="owner_statement",
        annual_sales={"amount": 2_000_000_001, "currency": "IDR"},
    )  # fmt: skip
    headers = tokens.headers("provider", institution=ALPHA)
    answer = client("enrollment").post("/v1/enterprises", json=asked, headers=headers)
    assert answer.status_code == 201, answer.text
    shown = answer.json
    assert (shown["nib"], shown["npwp"], shown["contact"]["phone"]) == (NIB, "0012345678901000", "+6281234567890")
    assert (shown["size_class"], shown["size_basis"], shown["kbli_version"]) == ("small", "annual_sales", "2020")
    assert "2000000001" not in str(connection.database()["enterprises"].find_one({}))


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"nib": "12345"}, ("/nib", "nib-form")),
        ({"npwp": "12345"}, ("/npwp", "npwp-form")),
        ({"province": "ID-JW"}, ("/province", "not-a-choice")),
        ({"kbli_version": "2020"}, ("/kbli_version", "kbli-version-alone")),
        (
            {"size_class": "micro", "capital": {"amount": 9_000_000_000, "currency": "IDR"}},
            ("/size_class", "size-differs"),
        ),
        ({"contact": {"name": "Ratna", "phone": "0812"}}, ("/contact/phone", "wrong-format")),
    ],
)
def test_what_is_no_number_or_place_is_refused(
    client: Client, tokens: Tokens, staff: Principal, wrong: dict[str, Any], fault: tuple[str, str]
) -> None:
    headers = tokens.headers("provider", institution=ALPHA)
    answer = client("enrollment").post("/v1/enterprises", json=body(**wrong), headers=headers)
    assert answer.status_code == 422, answer.text
    assert [(one["pointer"], one["code"]) for one in answer.json["errors"]] == [fault]


def test_the_contact_of_an_enterprise_is_forgotten_with_every_trace(
    client: Client, tokens: Tokens, staff: Principal
) -> None:
    caller, headers = client("enrollment"), tokens.headers("provider", institution=ALPHA)
    contact = {"name": "Wulan", "email": "wulan@example.org", "phone": "0812-3456-7899"}
    asked = body(contact=contact)
    known = caller.post("/v1/enterprises", json=asked, headers={**headers, "Idempotency-Key": "once"}).json
    former = factories.enterprise(ALPHA, contact=contact)
    kept_id = UUID(known["id"])
    transfers_commands.merge_enterprises(former.id, kept_id=kept_id, reason="registered_twice")
    url = f"/v1/enterprises/{kept_id}/contact/erasure"
    assert caller.post(url, headers=tokens.headers("provider", institution=BETA)).status_code == 404
    done = caller.post(url, headers=headers)
    assert (done.status_code, done.json["contact"]["name"]) == (200, None), done.text
    database = connection.database()
    for party_id in (kept_id, former.id):
        told = orjson.loads(database["contact_outbox"].find_one({"_id": party_id})["body"])
        assert (told["name"], told.get("email"), told.get("phone")) == ("CV Kayu Contoh", None, None)
    everything = str([list(database[name].find({})) for name in database.list_collection_names()])
    assert [word for word in ("Wulan", "wulan", "81234567899") if word in everything] == []
    again = caller.patch(
        f"/v1/enterprises/{kept_id}", json={"contact": {"name": "Bagus"}}, headers={**headers, "If-Match": "*"}
    )
    assert again.json["contact"]["name"] == "Bagus"
