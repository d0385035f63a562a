"""People of enterprises on the real store: what they allow, what they ask, how they are forgotten. People are invented."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from services.enrollment.people import commands as people_commands
from services.enrollment.people.model import Participant
from services.enrollment.people.privacy_request import PrivacyRequest
from services.enrollment.privacy import commands as privacy_commands
from services.enrollment.privacy.handlers import erasures
from services.enrollment.transfers import commands as transfers_commands
from shared.contracts import certification, consulting, finance, notifications
from shared.contracts.enrollment import ConsentChanged, ParticipantRegistered, PersonErased
from shared.runtime import clock, ids
from shared.runtime.context import SYSTEM, acting_as
from shared.storage import connection
from tests.integration.services import worlds
from tests.integration.services.conftest import Enter
from tests.integration.services.declared import app_of
from tests.integration.services.records import Group, facts_said, records_of
from tests.integration.services.tokens import Tokens
from tests.integration.services.worlds import ALPHA, BETA, STAFF, days_ago

HOLDERS = (certification, consulting, finance, notifications)


@pytest.fixture
def enterprise_id(enter: Enter) -> Any:
    enter("enrollment")
    with acting_as(STAFF):
        worlds.institution(ALPHA)
        yield worlds.enterprise(ALPHA).id


@pytest.fixture
def caller(enterprise_id: UUID) -> FlaskClient:
    return app_of("enrollment").test_client()


@pytest.fixture
def provider(tokens: Tokens) -> dict[str, str]:
    return tokens.headers("provider", institution=ALPHA)


def person(enterprise_id: UUID, name: str = "Ratna Dewi", **more: Any) -> Participant:
    described = {
        "sex": "female",
        "role": "worker",
        "email": "ratna@example.org",
        "consent": {"purposes": ["training", "contact"]},
    }
    return people_commands.register_participant(enterprise_id=enterprise_id, name=name, **{**described, **more})


def told_party(person_id: UUID) -> str:
    row = connection.database()["contact_outbox"].find_one({"_id": person_id})
    return str(row["body"]) if row else ""


def test_a_person_is_registered_once_and_leaves_only_as_a_party(
    caller: FlaskClient, provider: dict[str, str], enterprise_id: UUID
) -> None:
    body = {
        "enterprise_id": str(enterprise_id), "name": "Ratna Dewi", "sex": "female", "role": "manager",
        "email": "ratna@example.org", "consent": {"purposes": ["contact"], "given_on": days_ago(1)[0].isoformat()},
    }  # fmt: skip
    made = caller.post("/v1/participants", json=body, headers=provider)
    assert made.status_code == 201, made.text
    assert (made.json["purposes"], made.json["provider_id"]) == (["contact"], str(ALPHA))
    again = caller.post("/v1/participants", json={**body, "name": "ratna  DEWI"}, headers=provider)
    assert (again.status_code, again.json["errors"][0]["code"]) == (409, "person-registered")
    assert again.json["participant_id"] == made.json["id"]
    namesake = caller.post("/v1/participants", json={**body, "namesake": True}, headers=provider)
    assert namesake.status_code == 201
    assert len(facts_said(ParticipantRegistered)) == 2
    assert "Ratna" in told_party(UUID(made.json["id"]))
    facts = [row["body"] for row in connection.database()["outbox"].find({"type": {"$regex": "participant"}})]
    assert facts
    assert not any("Ratna" in str(fact) for fact in facts)


def test_a_search_is_a_post_and_finds_what_the_caller_may_see(
    caller: FlaskClient, provider: dict[str, str], tokens: Tokens, enterprise_id: UUID
) -> None:
    found = person(enterprise_id)
    other = person(enterprise_id, "Dewantara", email="dewa@example.org")
    for asked in (
        {"name": "dew rat"},
        {"name": "Ratnā"},
        {"name": "RATNA DEWI"},
        {"email": "ratna@example.org"},
        {"name": "dewi"},
    ):
        answer = caller.post("/v1/participants/search", json=asked, headers=provider)
        assert [row["id"] for row in answer.json["items"]] == [str(found.id)], asked
    for asked in ({"name": "dew"}, {"enterprise_id": str(enterprise_id)}):
        answer = caller.post("/v1/participants/search", json=asked, headers=provider)
        assert {row["id"] for row in answer.json["items"]} == {str(found.id), str(other.id)}, asked
    foreign = caller.post(
        "/v1/participants/search", json={"name": "Ratna Dewi"}, headers=tokens.headers("provider", institution=BETA)
    )
    assert foreign.json["items"] == []
    assert caller.post("/v1/participants/search", json={}, headers=provider).json["items"] == []


def test_a_trainer_sees_the_people_of_assigned_enterprises(
    caller: FlaskClient, tokens: Tokens, enterprise_id: UUID
) -> None:
    found, trainer = person(enterprise_id), ids.new()
    headers = tokens.headers("trainer", trainer=trainer)
    assert caller.get(f"/v1/participants/{found.id}", headers=headers).status_code == 404
    worlds.training(ALPHA, enterprise_id, trainer=worlds.entitled(trainer))
    assert caller.get(f"/v1/participants/{found.id}", headers=headers).status_code == 200
    assert [row["id"] for row in caller.get("/v1/participants", headers=headers).json["items"]] == [str(found.id)]


def test_what_is_withdrawn_stops_at_once_and_closes_the_request(
    caller: FlaskClient, provider: dict[str, str], enterprise_id: UUID
) -> None:
    someone = person(enterprise_id)
    asked = {"participant_id": str(someone.id), "kind": "withdrawal", "purposes": ["contact"], "channel": "phone"}
    request = caller.post("/v1/privacy-requests", json=asked, headers=provider)
    assert request.status_code == 201, request.text
    assert "ratna@example.org" in told_party(someone.id)
    done = caller.post(
        f"/v1/participants/{someone.id}/consents/withdrawal", json={"purposes": ["contact"]}, headers=provider
    )
    assert done.json["purposes"] == ["training"]
    assert "ratna@example.org" not in told_party(someone.id)
    assert [fact.withdrawn for fact in facts_said(ConsentChanged)] == [("contact",)]  # type: ignore[attr-defined]
    shown = caller.get(f"/v1/privacy-requests/{request.json['id']}", headers=provider).json
    assert (shown["state"], shown["overdue"]) == ("done", False)


def test_the_work_list_shows_what_is_due_first_and_what_is_overdue(
    caller: FlaskClient, provider: dict[str, str], enterprise_id: UUID
) -> None:
    someone = person(enterprise_id)
    now = clock.now()
    late, soon, later = (
        privacy_commands.record_privacy_request(
            participant_id=someone.id, kind=kind, received_at=now - timedelta(hours=hours)
        )
        for kind, hours in (("access", 71), ("correction", 48), ("restriction", 1))
    )
    assert privacy_commands.mark_overdue_requests() == 0
    connection.database()["privacy_requests"].update_one(
        {"_id": late.id}, {"$set": {"due_at": now - timedelta(minutes=1)}}
    )
    with acting_as(SYSTEM):
        assert privacy_commands.mark_overdue_requests() == 1
        assert privacy_commands.mark_overdue_requests() == 1  # it stays overdue, and is not written again
        assert PrivacyRequest.get(late.id).version == 2
    listed = caller.get("/v1/privacy-requests?state=open&sort=due_at", headers=provider).json["items"]
    assert [row["id"] for row in listed] == [str(late.id), str(soon.id), str(later.id)]
    assert [row["id"] for row in caller.get("/v1/privacy-requests?overdue=true", headers=provider).json["items"]] == [
        str(late.id)
    ]
    answered = caller.post(f"/v1/privacy-requests/{late.id}/answer", headers=provider)
    assert (answered.json["state"], answered.json["overdue"]) == ("done", False)
    wrong = caller.post(f"/v1/privacy-requests/{soon.id}/answer", headers=provider)
    assert (wrong.status_code, wrong.json["errors"][0]["code"]) == (409, "not-an-access-request")
    refused = caller.post(
        f"/v1/privacy-requests/{soon.id}/refusal", json={"reason": "not_the_person"}, headers=provider
    )
    assert refused.json["state"] == "refused"


def test_a_correction_needs_the_version_that_was_seen(
    caller: FlaskClient, provider: dict[str, str], enterprise_id: UUID
) -> None:
    someone, url = person(enterprise_id), "/v1/participants/"
    privacy_commands.record_privacy_request(participant_id=someone.id, kind="correction")
    etag = caller.get(f"{url}{someone.id}", headers=provider).headers["ETag"]
    same = caller.get(f"{url}{someone.id}", headers={**provider, "If-None-Match": etag})
    assert (same.status_code, same.data) == (304, b"")
    changed = {"name": "Ratna Dewi Lestari", "email": None}
    done = caller.patch(f"{url}{someone.id}", json=changed, headers={**provider, "If-Match": etag})
    assert (done.status_code, done.json["name"], done.json["email"]) == (200, "Ratna Dewi Lestari", None)
    assert caller.patch(f"{url}{someone.id}", json=changed, headers={**provider, "If-Match": etag}).status_code == 412
    assert PrivacyRequest.objects(state="open").count() == 0
    assert "Lestari" in told_party(someone.id)


def test_a_person_gets_their_record_as_data_and_as_text(
    caller: FlaskClient, provider: dict[str, str], enterprise_id: UUID
) -> None:
    someone = person(enterprise_id)
    privacy_commands.record_privacy_request(participant_id=someone.id, kind="access")
    caller.get(f"/v1/participants/{someone.id}", headers=provider)
    record = caller.get(f"/v1/participants/{someone.id}/record", headers=provider).json
    assert (record["participant"]["name"], record["enterprise"]) == ("Ratna Dewi", "Kayu Contoh")
    assert [entry["purpose"] for entry in record["consents"]] == ["training", "contact"]
    assert [request["kind"] for request in record["requests"]] == ["access"]
    assert ("provider", "show_participant") in [(row["role"], row["action"]) for row in record["readers"]]
    for language, words in (("id", "Jenis kelamin: perempuan"), ("en", "Sex: female")):
        text = caller.get(
            f"/v1/participants/{someone.id}/record/text", headers={**provider, "Accept-Language": language}
        )
        assert (text.mimetype, words in text.text) == ("text/plain", True)


def test_an_erased_person_is_gone_from_every_row_and_every_service_answers(
    caller: FlaskClient, provider: dict[str, str], enterprise_id: UUID
) -> None:
    body = {
        "enterprise_id": str(enterprise_id),
        "name": "Sekar Ayu",
        "sex": "female",
        "role": "worker",
        "phone": "+6281234500001",
    }
    made = caller.post("/v1/participants", json=body, headers={**provider, "Idempotency-Key": "once"}).json
    person_id, url = UUID(made["id"]), f"/v1/participants/{made['id']}"
    privacy_commands.record_privacy_request(participant_id=person_id, kind="erasure")
    assert caller.get(f"{url}/erasure/progress", headers=provider).status_code == 404

    held = caller.post(f"{url}/hold", json={"reason": "tax_records", "until": "2099-12-31"}, headers=provider)
    assert held.status_code == 403
    privacy_commands.hold_participant(person_id, reason="tax_records", until=clock.today("Asia/Jakarta"))
    refused = caller.post(f"{url}/erasure", headers=provider)
    assert (refused.status_code, refused.json["reason"]) == (409, "tax_records")
    privacy_commands.release_participant(person_id)

    erased = caller.post(f"{url}/erasure", headers=provider)
    assert (erased.status_code, erased.json["name"], erased.json["state"]) == (200, None, "erased")
    assert [fact.person_id for fact in facts_said(PersonErased)] == [person_id]  # type: ignore[attr-defined]
    row = connection.database()["contact_outbox"].find_one({"_id": person_id})
    assert row is not None
    assert (row["body"], row["version"]) == (None, erased.json["version"])
    everything = {
        name: str(list(connection.database()[name].find({}))) for name in connection.database().list_collection_names()
    }
    assert [name for name, rows in everything.items() if "sekar" in rows.lower() or "81234500001" in rows] == []
    assert PrivacyRequest.objects(state="open").count() == 0

    progress = caller.get(f"{url}/erasure/progress", headers=provider).json
    assert progress["open"] == ["certification", "consulting", "finance", "notifications"]
    with acting_as(SYSTEM):
        facts = [
            holder.ErasureDone(erasure_id=ids.derived("erasure", person_id), person_id=person_id) for holder in HOLDERS
        ]
        facts.append(consulting.ErasureDone(erasure_id=ids.new(), person_id=ids.new()))  # somebody else's person
        Group(erasures).take(records_of(facts[1:]))
    assert caller.get(f"{url}/erasure/progress", headers=provider).json["open"] == ["certification"]
    with acting_as(SYSTEM):
        Group(erasures).take(records_of(facts))
    assert caller.get(f"{url}/erasure/progress", headers=provider).json["open"] == []


def test_reads_and_refusals_of_personal_data_are_noted(
    caller: FlaskClient, provider: dict[str, str], tokens: Tokens, enterprise_id: UUID
) -> None:
    someone = person(enterprise_id)
    caller.get(f"/v1/participants/{someone.id}", headers=provider)
    caller.get(f"/v1/participants/{someone.id}", headers=tokens.headers("provider", institution=BETA))
    caller.get(f"/v1/participants/{someone.id}", headers=tokens.headers("donor"))
    rows = connection.database()["access_log"].find({"object": someone.id})
    assert sorted(row["outcome"] for row in rows) == ["allowed", "forbidden", "not_found"]


def test_what_is_done_about_a_request_is_noted_under_its_person(
    caller: FlaskClient, provider: dict[str, str], tokens: Tokens, enterprise_id: UUID
) -> None:
    someone = person(enterprise_id)
    asked = {"participant_id": str(someone.id), "kind": "access", "channel": "phone"}
    request = caller.post("/v1/privacy-requests", json=asked, headers=provider).json["id"]
    url = f"/v1/privacy-requests/{request}"
    caller.get(url, headers=provider)
    caller.post(f"{url}/answer", headers=provider)
    caller.get(url, headers=tokens.headers("provider", institution=BETA))
    log = connection.database()["access_log"]
    done = [row["action"] for row in log.find({"object": someone.id, "outcome": "allowed"})]
    assert sorted(done) == ["answer_access_request", "record_privacy_request", "show_privacy_request"]
    assert [row["outcome"] for row in log.find({"object": UUID(request)})] == ["not_found"], "nobody's, for a stranger"


def test_the_people_of_an_enterprise_go_with_it(enterprise_id: UUID) -> None:
    someone = person(enterprise_id)
    request = privacy_commands.record_privacy_request(participant_id=someone.id, kind="access")
    worlds.institution(BETA, name="Beta Contoh")
    transfers_commands.change_provider(enterprise_id, provider_id=BETA)
    with acting_as(worlds.provider(BETA)):
        assert Participant.get(someone.id).provider_id == BETA
        assert PrivacyRequest.get(request.id).provider_id == BETA
    with acting_as(worlds.provider(ALPHA)):
        assert Participant.find(someone.id) is None
