"""Classrooms on the real store: participants by name, the waiting list over HTTP, leads who lose their certificate."""

from __future__ import annotations

from services.enrollment.enterprises.model import Enterprise
from services.enrollment.trainings import commands as trainings_commands
from shared.contracts.events.enrollment import TrainingCancelled, TrainingRescheduled
from shared.kernel import ids
from shared.kernel.principal import Principal
from tests.support import factories
from tests.support.factories import ALPHA, SEATS, days_ago
from tests.support.fixture_types import Client
from tests.support.records import events_said
from tests.support.tokens import Tokens


def test_a_training_is_moved_and_called_off(client: Client, tokens: Tokens, staff: Principal) -> None:
    caller, headers = client("enrollment"), tokens.headers("provider", institution=ALPHA)
    lead = factories.entitled(ids.new())
    training, enterprise = factories.training(ALPHA), factories.walked(ALPHA, "enrolled")
    trainings_commands.seat_enterprise(training.id, enterprise_id=enterprise.id, seats=SEATS)
    url, days = f"/v1/trainings/{training.id}", [day.isoformat() for day in days_ago(-6, -7)]
    moved = caller.post(
        f"{url}/rescheduling", headers=headers,
        json={"reason": "trainer_unavailable", "days": days[::-1], "lead_trainer_id": str(lead)},
    )  # fmt: skip
    assert (moved.status_code, moved.json["days"], moved.json["revision"]) == (200, sorted(days), 2)
    assert lead in Enterprise.get(enterprise.id).trainer_ids
    refused = caller.post(
        f"{url}/rescheduling", json={"reason": "other", "lead_trainer_id": str(ids.new())}, headers=headers
    )
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/not-known-yet")
    assert caller.post(f"{url}/cancellation", json={"reason": "other"}, headers=headers).json["state"] == "cancelled"
    (rescheduled,), (cancelled,) = events_said(TrainingRescheduled), events_said(TrainingCancelled)
    assert (rescheduled.previous_days, rescheduled.revision) == (tuple(training.days), 2)
    assert (cancelled.revision, cancelled.reason) == (2, "other")
    late = caller.post(f"{url}/rescheduling", json={"reason": "other"}, headers=headers)
    assert (late.status_code, late.json["state"], late.json["allowed_from"]) == (409, "cancelled", ["scheduled"])
