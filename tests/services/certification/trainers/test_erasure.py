"""A trainer is erased on request, once no certificate needs the name any more. People are invented."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from services.certification.service import SERVICE
from shared.contracts.events.certification import PersonErased
from shared.contracts.events.consulting import ErasureDone
from shared.erasure.progress import keep_erasure_done
from shared.kernel import clock
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM
from shared.storage import connection
from shared.storage.transaction import in_new_transaction
from tests.support import factories
from tests.support.factories import ALPHA, BETA, STAFF, days_ago
from tests.support.fixture_types import Client
from tests.support.records import events_said
from tests.support.tokens import Tokens
from tests.support.visitor import Visitor


@pytest.fixture
def caller(client: Client) -> FlaskClient:
    return client("certification")


def test_an_erased_trainer_is_gone_from_every_row(caller: FlaskClient, tokens: Tokens) -> None:
    with acting_as(STAFF):
        trainer = factories.trainer(ALPHA)
    url, provider = f"/v1/trainers/{trainer.id}", tokens.headers("provider", institution=ALPHA)
    assert caller.get(f"{url}/erasure/progress", headers=provider).status_code == 404
    assert caller.post(f"{url}/erasure", headers=tokens.headers("provider", institution=BETA)).status_code == 404
    assert caller.post(f"{url}/erasure", headers=tokens.headers("trainer", trainer=trainer.id)).status_code == 403
    erased = caller.post(f"{url}/erasure", headers=provider)
    assert (erased.status_code, erased.json["name"], erased.json["state"]) == (200, None, "erased")
    assert [event.person_id for event in events_said(PersonErased)] == [trainer.id]  # type: ignore[attr-defined]
    database = connection.database()
    row = database["contact_outbox"].find_one({"_id": trainer.id})
    assert row is not None
    assert (row["body"], row["version"]) == (None, erased.json["version"])
    everything = {name: str(list(database[name].find({}))).lower() for name in database.list_collection_names()}
    assert [name for name, rows in everything.items() if "wulan" in rows] == []
    progress = caller.get(f"{url}/erasure/progress", headers=provider).json
    assert progress["open"] == ["consulting", "enrollment", "finance", "notifications"]
    with acting_as(SYSTEM):
        keep_erasure_done(
            "certification", trainer.id, holder=ErasureDone.__module__.split(".")[-1], done_at=clock.now()
        )
    assert "consulting" not in caller.get(f"{url}/erasure/progress", headers=provider).json["open"]
    assert caller.post(f"{url}/erasure", headers=provider).status_code == 409
    body = {"module": "M1", "valid_from": "2026-01-15", "document_reference": "Surat 1/2026"}
    assert caller.post(f"{url}/certificates", json=body, headers=tokens.headers("programme")).status_code == 409


@pytest.mark.parametrize(("ended", "kept"), [(-30, True), (364, True), (366, False)])
def test_a_name_stays_with_its_certificate_for_as_long_as_the_rule_says(
    caller: FlaskClient, tokens: Tokens, ended: int, kept: bool
) -> None:
    (last_day,) = days_ago(ended)
    with acting_as(STAFF):
        trainer = factories.trainer(ALPHA)
        factories.qualification(ALPHA, of=trainer.id, valid_from=last_day - timedelta(days=400), valid_to=last_day)
    answer = caller.post(f"/v1/trainers/{trainer.id}/erasure", headers=tokens.headers("programme"))
    assert answer.status_code == (409 if kept else 200), answer.text
    if kept:
        assert answer.json["until"] == (last_day + timedelta(days=365)).isoformat()


def test_the_page_shows_who_has_answered_and_no_name(site, tokens: Tokens) -> None:
    app = site(SERVICE)
    with acting_as(STAFF):
        trainer = factories.trainer(ALPHA)
    staff, path = Visitor(app, "provider", institution=ALPHA), f"/trainers/{trainer.id}"
    assert "Wulan" in staff.read(path)
    staff.send(f"{path}/erasure", shown=path)
    shown = staff.read(path)
    assert "Erased person" in shown
    assert shown.count("Not reported yet") == 4
    assert "Wulan" not in shown + staff.read("/trainers")
    with acting_as(SYSTEM):
        late = {"$set": {"due_at": clock.now() - timedelta(hours=1)}}
        in_new_transaction(lambda: connection.database()["erasures"].update_one({"_id": trainer.id}, late))
    assert "Not every service has reported in time" in staff.read(path)
