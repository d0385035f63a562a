"""A row with an own number that is known already is recognised, whichever way it came, and nobody is doubled."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from services.enrollment.enterprises.model import Enterprise
from services.enrollment.people.model import Participant
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM
from tests.support.enterprise_bodies import body
from tests.support.import_sheets import counts, people, upload, worked

FIRM = {
    "external_id": "C-1", "name": "Logam Lain", "legal_form": "CV", "province": "ID-JT", "sector": "metal", "headcount.women": 1,
    "headcount.men": 2, "contact.name": "Ratna", "npwp": "01.234.567.8-901.000",
}  # fmt: skip


@pytest.mark.parametrize("dry_run", [True, False])
def test_people_who_are_registered_by_their_numbers_are_recognised(
    caller: FlaskClient, provider: dict[str, str], enterprise_id: UUID, dry_run: bool
) -> None:
    for number in (1, 2):
        person = {"enterprise_id": str(enterprise_id), "name": f"Orang {number}", "sex": "female", "role": "worker"}
        sent = person | {"external_id": f"P-{number}"}
        assert caller.post("/v1/participants", json=sent, headers=provider).status_code == 201
    rows = people(enterprise_id, 3, p2={"sex": "male"})
    for number, row in enumerate(rows, start=1):
        row["external_id"] = f"P-{number}"
    answer = upload(caller, provider, rows, dry_run=dry_run)
    shown = worked(caller, provider, answer)
    assert counts(shown) == ("done", 3, 1, 1, 1)
    assert [(error["row"], error["column"], error["code"]) for error in shown["errors"]] == [
        (3, "external_id", "external-id-taken")
    ]
    if not dry_run:
        assert counts(worked(caller, provider, upload(caller, provider, rows))) == ("done", 3, 0, 2, 1)
    with acting_as(SYSTEM):
        assert len(Participant.objects) == 2 + (not dry_run)


def test_an_enterprise_that_is_registered_by_its_number_is_recognised(
    caller: FlaskClient, provider: dict[str, str]
) -> None:
    described: dict[str, Any] = {name: value for name, value in FIRM.items() if "." not in name}
    sent = body(**described) | {"headcount": {"women": 1, "men": 2}, "contact": {"name": "Ratna"}}
    del sent["place"]
    assert caller.post("/v1/enterprises", json=sent, headers=provider).status_code == 201
    again = worked(caller, provider, upload(caller, provider, [FIRM], "enterprises"))
    assert counts(again) == ("done", 1, 0, 1, 0)
    other = worked(caller, provider, upload(caller, provider, [FIRM | {"name": "Batik Lain"}], "enterprises"))
    assert counts(other) == ("done", 1, 0, 0, 1)
    with acting_as(SYSTEM):
        assert len(Enterprise.objects(external_id="C-1")) == 1
