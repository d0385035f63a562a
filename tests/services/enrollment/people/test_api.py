"""People of enterprises on the real store: what they allow, what they ask, how they are forgotten. People are invented."""

from __future__ import annotations

from uuid import UUID

from flask.testing import FlaskClient

from services.enrollment.people.privacy_request import PrivacyRequest
from services.enrollment.privacy import commands as privacy_commands
from shared.contracts.events.enrollment import ParticipantRegistered
from shared.kernel import ids
from shared.storage import connection
from tests.support import factories
from tests.support.factories import ALPHA, BETA, days_ago
from tests.support.records import events_said
from tests.support.registered_people import person, told_party
from tests.support.tokens import Tokens


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
    assert len(events_said(ParticipantRegistered)) == 2
    assert "Ratna" in told_party(UUID(made.json["id"]))
    events = [row["body"] for row in connection.database()["outbox"].find({"type": {"$regex": "participant"}})]
    assert events
    assert not any("Ratna" in str(event) for event in events)


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
    factories.training(ALPHA, enterprise_id, trainer=factories.entitled(trainer))
    assert caller.get(f"/v1/participants/{found.id}", headers=headers).status_code == 200
    assert [row["id"] for row in caller.get("/v1/participants", headers=headers).json["items"]] == [str(found.id)]


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


def test_reads_and_refusals_of_personal_data_are_noted(
    caller: FlaskClient, provider: dict[str, str], tokens: Tokens, enterprise_id: UUID
) -> None:
    someone = person(enterprise_id)
    caller.get(f"/v1/participants/{someone.id}", headers=provider)
    caller.get(f"/v1/participants/{someone.id}", headers=tokens.headers("provider", institution=BETA))
    caller.get(f"/v1/participants/{someone.id}", headers=tokens.headers("donor"))
    rows = connection.database()["access_log"].find({"object": someone.id})
    assert sorted(row["outcome"] for row in rows) == ["allowed", "forbidden", "not_found"]
