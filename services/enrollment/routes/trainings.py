"""Classroom trainings over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.enrollment import commands
from services.enrollment.schemas import DeliverTraining, ReverseDelivery, ScheduleTraining, SeatEnterprise, TrainingView
from services.enrollment.training import Training
from shared.web.listing import ListQuery
from shared.web.routes import Routes

trainings = Routes("trainings", description="Classroom trainings, their rosters and delivery")
READERS = ("programme", "provider", "trainer", "enterprise", "auditor")
STAFF = ("programme", "provider")


@trainings.post(
    "/v1/trainings",
    permits=STAFF,
    body=ScheduleTraining,
    returns=TrainingView,
    created=True,
    location="/v1/trainings/{id}",
)
def schedule_training(body: dict[str, Any]) -> Training:
    return commands.schedule_training(**body)


@trainings.list(
    "/v1/trainings",
    permits=READERS,
    returns=TrainingView,
    filters=("module", "state", "delivery_mode"),
    sort=("created_at",),
)
def list_trainings(query: ListQuery) -> Any:
    del query
    return Training.objects


@trainings.get("/v1/trainings/<uuid:training_id>", permits=READERS, returns=TrainingView)
def show_training(training_id: UUID) -> Training:
    return Training.get(training_id)


@trainings.post("/v1/trainings/<uuid:training_id>/rosters", permits=STAFF, body=SeatEnterprise, returns=TrainingView)
def seat_enterprise(training_id: UUID, body: dict[str, Any]) -> Training:
    return commands.seat_enterprise(training_id, **body)


@trainings.post(
    "/v1/trainings/<uuid:training_id>/delivery", permits=(*STAFF, "trainer"), body=DeliverTraining, returns=TrainingView
)
def deliver_training(training_id: UUID, body: dict[str, Any]) -> Training:
    return commands.deliver_training(training_id, **body)


@trainings.post(
    "/v1/trainings/<uuid:training_id>/delivery/reversal", permits=STAFF, body=ReverseDelivery, returns=TrainingView
)
def reverse_delivery(training_id: UUID, body: dict[str, Any]) -> Training:
    return commands.reverse_delivery(training_id, **body)
