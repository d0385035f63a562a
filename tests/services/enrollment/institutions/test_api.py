"""The register of institutions and the module catalogue on the real store: who is let in, who is told, what stays."""

from __future__ import annotations

from uuid import UUID

import orjson

from services.enrollment.institutions import commands as institutions_commands
from services.enrollment.institutions.model import Institution
from shared.access import suspensions
from shared.contracts.events.enrollment import InstitutionRestored, InstitutionSuspended, PersonErased
from shared.kernel import ids
from shared.kernel.principal import Principal
from shared.storage import connection
from tests.support import factories
from tests.support.factories import ALPHA, BETA
from tests.support.fixture_types import Client
from tests.support.records import Group, records_of
from tests.support.records import events_said as said
from tests.support.tokens import Tokens


def test_a_suspended_institution_is_let_in_again_everywhere(staff: Principal) -> None:
    institutions_commands.suspend_institution(ALPHA, "inactive")
    institutions_commands.restore_institution(ALPHA)
    (suspended,), (restored,) = said(InstitutionSuspended), said(InstitutionRestored)
    listed = suspensions.SuspensionList()
    group = Group(suspensions.group_for("enrollment"))
    records = records_of([suspended, restored])
    group.take(records[:1])
    assert listed.bars(factories.provider(ALPHA))
    group.take(records)
    assert not suspensions.SuspensionList().bars(factories.provider(ALPHA))
    assert factories.enterprise(ALPHA).provider_id == ALPHA


def test_an_institutions_contacts_are_parties_until_they_leave(
    client: Client, tokens: Tokens, staff: Principal
) -> None:
    caller, headers = client("enrollment"), tokens.headers("provider", institution=ALPHA)
    path = f"/v1/institutions/{ALPHA}"
    people = [
        {"name": "Wulan", "roles": ["billing"], "phone": "0812 3456 7890"},
        {"name": "Bagus", "roles": ["approver"]},
    ]
    first = caller.patch(
        path, json={"contacts": people, "provinces": ["ID-JT", "ID-YO"]}, headers={**headers, "If-Match": '"1"'}
    )
    assert first.status_code == 200, first.text
    assert first.json["provinces"] == ["ID-JT", "ID-YO"]
    wulan, bagus = ({name: said for name, said in one.items() if said is not None} for one in first.json["contacts"])
    parties = connection.database()["contact_outbox"]
    assert '"billing"' in parties.find_one({"_id": UUID(wulan["contact_id"])})["body"]
    second = caller.patch(path, json={"contacts": [wulan]}, headers={**headers, "If-Match": '"2"'})
    assert [one["contact_id"] for one in second.json["contacts"]] == [wulan["contact_id"]]
    gone = parties.find_one({"_id": UUID(bagus["contact_id"])})
    assert (gone["body"], gone["version"]) == (None, 3)
    assert not [
        word for word in ("Wulan", "Bagus", "81234567890") if word in str(list(connection.database()["outbox"].find()))
    ]
    stranger = {**wulan, "contact_id": str(ids.new())}
    refused = caller.patch(path, json={"contacts": [stranger]}, headers={**headers, "If-Match": '"3"'})
    assert [fault["code"] for fault in refused.json["errors"]] == ["unknown-contact"]
    assert Institution.get(ALPHA).version == 3


def test_a_contact_of_an_institution_is_forgotten_everywhere(client: Client, tokens: Tokens, staff: Principal) -> None:
    caller, headers = client("enrollment"), tokens.headers("provider", institution=ALPHA)
    path, database = f"/v1/institutions/{ALPHA}", connection.database()
    people = [
        {"name": "Wulan", "roles": ["billing"], "phone": "0812 3456 7890"},
        {"name": "Bagus", "roles": ["approver"]},
    ]
    changed = {"contacts": people, "email": "wulan@example.org", "phone": "0812 3456 7890"}
    wulan, bagus = caller.patch(path, json=changed, headers={**headers, "If-Match": "*"}).json["contacts"]
    url = f"{path}/contacts/{wulan['contact_id']}/erasure"
    foreign = caller.post(url, headers=tokens.headers("provider", institution=BETA))
    assert foreign.status_code == 404
    once = {**headers, "Idempotency-Key": "shows-both"}
    done = caller.post(f"{path}/contacts/{bagus['contact_id']}/erasure", headers=once)
    assert [one["name"] for one in done.json["contacts"]] == ["Wulan"]
    done = caller.post(url, headers=headers)
    assert (done.status_code, done.json["contacts"], done.json["email"]) == (200, [], "wulan@example.org")
    row = database["contact_outbox"].find_one({"_id": UUID(wulan["contact_id"])})
    assert (row["body"], row["version"]) == (None, done.json["version"])
    assert caller.post(url, headers=headers).status_code == 404
    assert {str(event.person_id) for event in said(PersonErased)} == {  # type: ignore[attr-defined]
        wulan["contact_id"],
        bagus["contact_id"],
    }
    progress = caller.get(f"{url}/progress", headers=headers).json
    assert progress["open"] == ["certification", "consulting", "finance", "notifications"]
    elsewhere = url.replace(str(ALPHA), str(BETA))
    for address, role in (
        (f"{elsewhere}/progress", "programme"),
        (f"{path}/contacts/{BETA}/erasure/progress", "auditor"),
    ):
        assert caller.get(address, headers=tokens.headers(role)).status_code == 404
    done = caller.post(f"{path}/address/erasure", headers=headers)
    assert (done.json["email"], done.json["phone"]) == (None, None)
    told = orjson.loads(database["contact_outbox"].find_one({"_id": ALPHA})["body"])
    assert (told["name"], told.get("email"), told.get("phone")) == ("Semut Contoh", None, None)
    everything = str([list(database[name].find({})) for name in database.list_collection_names()])
    assert [word for word in ("Wulan", "wulan", "Bagus", "81234567890") if word in everything] == []
