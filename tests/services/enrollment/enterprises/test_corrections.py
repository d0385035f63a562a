"""A correction of an enterprise is a JSON Merge Patch: null clears, a part is changed part by part."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from shared.kernel.context import acting_as
from tests.support import factories
from tests.support.factories import ALPHA, BETA, STAFF
from tests.support.fixture_types import Client
from tests.support.tokens import Tokens

CONTACT = {"name": "Ratna", "email": "ratna@example.org", "phone": "+620000000000", "language": "en"}


class Office:
    def __init__(self, caller: FlaskClient, tokens: Tokens, **described: Any) -> None:
        self.caller, self.headers = caller, tokens.headers("provider", institution=ALPHA)
        with acting_as(STAFF):
            factories.institution(ALPHA)
            made = factories.enterprise(ALPHA, contact=dict(CONTACT), **described)
        self.url = f"/v1/enterprises/{made.id}"

    def sends(self, status: int = 200, **changes: Any) -> dict[str, Any]:
        answer = self.caller.patch(self.url, json=changes, headers={**self.headers, "If-Match": "*"})
        assert answer.status_code == status, answer.text
        told: dict[str, Any] = answer.json
        return told


@pytest.fixture
def caller(client: Client) -> FlaskClient:
    return client("enrollment")


def test_null_clears_what_need_not_be_known(caller: FlaskClient, tokens: Tokens) -> None:
    office = Office(caller, tokens, nib="9120001234561", place="Kudus", kbli="10792", npwp="012345678901000")
    told = office.sends(nib=None, place=None, kbli=None, npwp=None)
    assert not [name for name in ("nib", "place", "kbli", "kbli_version", "npwp") if told.get(name)]
    refused = office.sends(422, name=None, contact=None)
    assert {fault["pointer"] for fault in refused["errors"]} == {"/contact", "/name"}


def test_a_size_that_is_cleared_takes_its_basis_and_source_along(caller: FlaskClient, tokens: Tokens) -> None:
    office = Office(caller, tokens, size_class="micro", size_source="licence", kbli="10792", kbli_version="2015")
    told = office.sends(size_source=None, kbli_version=None)  # the version goes with its code
    assert [told[name] for name in ("size_class", "size_source", "kbli_version")] == ["micro", None, "2015"]
    told = office.sends(size_class=None)
    assert [told[name] for name in ("size_class", "size_basis", "size_source")] == [None, None, None]


def test_an_individuals_tax_number_is_cleared_and_otherwise_stays_sealed_as_it_was(
    caller: FlaskClient, tokens: Tokens
) -> None:
    office = Office(caller, tokens, legal_form="perorangan", npwp="3374012345670001")
    shown = office.sends()["npwp"]
    assert (office.sends(npwp="3374012345670001")["version"], shown[-4:]) == (1, "0001")
    assert office.sends(place="Kudus")["npwp"] == shown
    assert office.sends(npwp=None).get("npwp") is None


def test_a_part_keeps_what_is_left_out_of_it(caller: FlaskClient, tokens: Tokens) -> None:
    office = Office(caller, tokens)
    told = office.sends(contact={"email": None}, headcount={"women": 77})
    assert {name: value for name, value in told["contact"].items() if value} == {
        name: value for name, value in CONTACT.items() if name != "email"
    }
    assert told["headcount"]["women"] == 77
    assert told["headcount"]["men"] > 0


def test_who_was_forgotten_does_not_come_back_without_a_name(caller: FlaskClient, tokens: Tokens) -> None:
    office = Office(caller, tokens)
    caller.post(f"{office.url}/contact/erasure", headers=office.headers)
    refused = office.sends(422, contact={"email": "ratna@example.org"})
    assert refused["errors"][0]["pointer"] == "/contact/name"
    assert office.sends(contact={"name": "Wulan"})["contact"]["name"] == "Wulan"


def test_an_enterprise_is_found_by_its_nib_among_those_that_the_caller_sees(
    caller: FlaskClient, tokens: Tokens
) -> None:
    office = Office(caller, tokens, nib="9120001234561")
    stranger = tokens.headers("provider", institution=BETA)
    found, foreign = (
        caller.get("/v1/enterprises?nib=9120001234561", headers=headers).json["items"]
        for headers in (office.headers, stranger)
    )
    assert ([row["id"] for row in found], foreign) == ([office.url.rpartition("/")[2]], [])


@pytest.mark.parametrize("written", ["12345", "912000123456a", "0000000000000"])
def test_a_filter_that_is_no_nib_is_named(caller: FlaskClient, tokens: Tokens, written: str) -> None:
    office = Office(caller, tokens, nib="9120001234561")
    refused = caller.get(f"/v1/enterprises?nib={written}", headers=office.headers)
    assert refused.status_code == 400
    assert [(fault["parameter"], fault["code"]) for fault in refused.json["errors"]] == [("nib", "nib-form")]
    found = caller.get("/v1/enterprises?nib=9120.0012.34561", headers=office.headers)
    assert len(found.json["items"]) == 1
