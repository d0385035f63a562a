"""An individual's tax number is shown by its end and lies sealed."""

from __future__ import annotations

import importlib
from uuid import UUID

from services.enrollment.duplicates.matching import keys_of
from services.enrollment.enterprises.model import Enterprise
from services.enrollment.tax_numbers.keys import tax_number_keys
from services.enrollment.tax_numbers.model import number_of
from shared.kernel.principal import Principal
from shared.storage import connection
from tests.support import factories
from tests.support.enterprise_bodies import body
from tests.support.factories import ALPHA, BETA
from tests.support.fixture_types import Client
from tests.support.tokens import Tokens


def test_an_individuals_tax_number_is_shown_by_its_end(client: Client, tokens: Tokens, staff: Principal) -> None:
    asked = body(legal_form="perorangan", npwp="3319010101800001")
    headers = tokens.headers("provider", institution=ALPHA)
    caller = client("enrollment")
    answer = caller.post("/v1/enterprises", json=asked, headers=headers)
    assert answer.json["npwp"] == "************0001"
    database = connection.database()
    for collection in database.list_collection_names():
        assert "3319010101800001" not in str(list(database[collection].find({}))), collection

    url = f"/v1/enterprises/{answer.json['id']}/tax-number"
    assert caller.get(url, headers=headers).json == {"npwp": "3319010101800001"}
    assert caller.get(url, headers=tokens.headers("auditor")).status_code == 403
    assert caller.get(url, headers=tokens.headers("provider", institution=BETA)).status_code == 404
    noted = database["access_log"].find({"object": UUID(answer.json["id"]), "action": "show_tax_number"})
    assert sorted(row["outcome"] for row in noted) == ["allowed", "forbidden", "not_found"]
    without = factories.enterprise(ALPHA, name="Tenun Rahma")
    assert caller.get(f"/v1/enterprises/{without.id}/tax-number", headers=headers).status_code == 404

    again = body(name="Sama Sekali Lain", legal_form="UD", npwp="33.190101018000.01")
    twice = caller.post("/v1/enterprises", json=again, headers=headers)
    assert (twice.status_code, [one["reasons"] for one in twice.json["candidates"]]) == (409, [["npwp"]])


def test_numbers_that_lie_in_clear_are_sealed_by_the_migration(staff: Principal) -> None:
    person, firm = factories.enterprise(ALPHA, legal_form="perorangan"), factories.enterprise(ALPHA, name="Tenun Rahma")
    rows = connection.database()["enterprises"]
    for row_id, number in ((person.id, "3319010101800001"), (firm.id, "0012345678901000")):
        known = {"npwp": number, "npwp_given": number, "match_keys": [f"npwp:{number}"]}
        rows.update_one({"_id": row_id}, {"$set": known})
    migration = importlib.import_module("services.enrollment.migrations.0004_sealed_tax_numbers")
    for _ in range(2):
        migration.apply(connection.database())
        assert "3319010101800001" not in str(list(rows.find({})))
        assert [number_of(Enterprise.get(one.id), tax_number_keys()) for one in (person, firm)] == [
            "3319010101800001",
            "0012345678901000",
        ]
    for one in (person, firm):
        shown = Enterprise.get(one.id)
        assert shown.match_keys == keys_of(shown.described(tax_number_keys()))
