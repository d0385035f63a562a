"""Where and at what hours a classroom takes place: others are told the place, and only when it changes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson
import pytest

from services.enrollment.trainings.model import Training
from services.enrollment.trainings.rules import require_hours
from shared.contracts.events.enrollment import TrainingRescheduled, TrainingScheduled
from shared.contracts.reference import Venue
from shared.domain.errors import Invalid
from shared.kernel.principal import Principal
from shared.kernel.service import declared
from shared.process.collections import collections_of
from shared.storage import connection, migrations
from tests.support import factories
from tests.support.factories import ALPHA
from tests.support.fixture_types import Client
from tests.support.records import events_said
from tests.support.tokens import Tokens

HALL = {"venue": "Aula Contoh", "venue_address": "Jalan Contoh 1, Semarang"}
HOURS = {"start_time": "08:30", "end_time": "16:00"}


def told(training_id: UUID) -> dict[str, Any] | None:
    row = connection.database()["reference_outbox"].find_one({"_id": training_id})
    return row and {**orjson.loads(row["body"]), "row": row["version"]}


def test_a_place_is_told_and_told_again_when_it_changes(client: Client, tokens: Tokens, staff: Principal) -> None:
    caller, headers = client("enrollment"), tokens.headers("provider", institution=ALPHA)
    training = factories.training(ALPHA)
    assert told(training.id) is None
    url = f"/v1/trainings/{training.id}/rescheduling"
    moved = caller.post(url, json={"reason": "venue_unavailable", **HALL, **HOURS}, headers=headers)
    assert (moved.status_code, moved.json["venue_address"], moved.json["end_time"]) == (
        200,
        HALL["venue_address"],
        "16:00",
    )
    (said,) = events_said(TrainingRescheduled)
    assert (said.start_time, said.end_time) == ("08:30", "16:00")
    assert "Contoh" not in str(said)
    first = told(training.id)
    assert first == {
        "training_id": str(training.id), "version": moved.json["version"], "name": HALL["venue"],
        "address": HALL["venue_address"], "row": moved.json["version"],
    }  # fmt: skip
    caller.post(url, json={"reason": "other", "end_time": "15:00"}, headers=headers)
    assert told(training.id) == first
    caller.post(url, json={"reason": "other", "venue": "Balai Contoh"}, headers=headers)
    again = told(training.id) or {}
    assert (again["name"], again["version"]) == ("Balai Contoh", moved.json["version"] + 2)


def test_a_place_that_is_no_longer_known_is_taken_away_from_everybody(
    client: Client, tokens: Tokens, staff: Principal
) -> None:
    caller, headers = client("enrollment"), tokens.headers("provider", institution=ALPHA)
    url = f"/v1/trainings/{factories.training(ALPHA).id}/rescheduling"
    moved = caller.post(url, json={"reason": "other", **HALL, **HOURS}, headers=headers).json
    nowhere = {"venue": None, "venue_address": None, "start_time": None, "end_time": None}
    cleared = caller.post(url, json={"reason": "venue_unavailable", **nowhere}, headers=headers)
    assert cleared.status_code == 200, cleared.text
    assert {name: cleared.json[name] for name in nowhere} == nowhere
    row = connection.database()["reference_outbox"].find_one({"_id": UUID(moved["id"])})
    assert (row["body"], row["type"], row["version"]) == (None, Venue.TYPE, cleared.json["version"])
    again = caller.post(url, json={"reason": "other", **HALL}, headers=headers).json
    assert told(UUID(moved["id"])) == {
        "training_id": moved["id"], "version": again["version"], "name": HALL["venue"],
        "address": HALL["venue_address"], "row": again["version"],
    }  # fmt: skip


def test_a_place_that_is_known_from_the_start_is_told(staff: Principal) -> None:
    training = factories.training(ALPHA, **HALL, **HOURS)
    assert (told(training.id) or {})["name"] == HALL["venue"]
    assert events_said(TrainingScheduled)[-1].start_time == "08:30"


@pytest.mark.parametrize(("start", "end"), [(None, "09:00"), ("09:00", "09:00"), ("09:00", "08:59")])
def test_it_ends_after_it_starts(start: str | None, end: str) -> None:
    with pytest.raises(Invalid):
        require_hours(start, end)


@pytest.mark.parametrize(("start", "end"), [(None, None), ("09:00", None), ("09:00", "09:01")])
def test_hours_are_optional(start: str | None, end: str | None) -> None:
    require_hours(start, end)


def test_what_was_entered_before_is_told_by_the_migration(staff: Principal) -> None:
    training, later = factories.training(ALPHA, **HALL), factories.training(ALPHA, **HALL)
    rows, ledger = connection.database()["reference_outbox"], connection.database()[migrations.LEDGER]
    titles = rows.count_documents({"type": "id.score.reference.module_title.v1"})
    rows.delete_many({"_id": {"$ne": later.id}})
    kept = rows.find_one({"_id": later.id})
    ledger.delete_many({"_id": {"$regex": "reference"}})
    enrollment = next(service for service in declared() if service.name == "enrollment")
    assert any("reference" in name for name in migrations.migrate(enrollment, collections_of(enrollment)))
    assert rows.count_documents({"type": "id.score.reference.module_title.v1"}) == titles > 10
    assert (told(training.id) or {})["version"] == Training.get(training.id).version
    assert rows.find_one({"_id": later.id}) == kept
