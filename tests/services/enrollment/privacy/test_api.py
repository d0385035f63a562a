"""What people ask about their data: work list, record, erasure in every service. People are invented."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask.testing import FlaskClient

from services.enrollment.people.privacy_request import PrivacyRequest
from services.enrollment.privacy import commands as privacy_commands
from services.enrollment.service import SERVICE
from shared.access.suspensions import groups_of
from shared.contracts.events import certification, consulting, finance, notifications
from shared.contracts.events.enrollment import ConsentChanged, PersonErased
from shared.kernel import clock, ids
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM
from shared.storage import connection
from tests.support.factories import BETA
from tests.support.records import Group, events_said, records_of
from tests.support.registered_people import person, told_party
from tests.support.tokens import Tokens

HOLDERS = (certification, consulting, finance, notifications)


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
    assert [event.withdrawn for event in events_said(ConsentChanged)] == [("contact",)]  # type: ignore[attr-defined]
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
    for language, words in (("id", "Jenis kelamin: Perempuan"), ("en", "Sex: Woman")):
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
    assert [event.person_id for event in events_said(PersonErased)] == [person_id]  # type: ignore[attr-defined]
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
    (listening,) = [group for group in groups_of(SERVICE) if group.group == "enrollment.suspensions"]
    with acting_as(SYSTEM):
        events = [
            holder.ErasureDone(erasure_id=ids.derived("erasure", person_id), person_id=person_id) for holder in HOLDERS
        ]
        events.append(consulting.ErasureDone(erasure_id=ids.new(), person_id=ids.new()))  # somebody else's person
        Group(listening).take(records_of(events[1:]))
    assert caller.get(f"{url}/erasure/progress", headers=provider).json["open"] == ["certification"]
    with acting_as(SYSTEM):
        Group(listening).take(records_of(events))
    assert caller.get(f"{url}/erasure/progress", headers=provider).json["open"] == []


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
