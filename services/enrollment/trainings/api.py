"""Classroom trainings over HTTP."""

from __future__ import annotations

from uuid import UUID

from services.enrollment.roles import CLASSROOM_STAFF, READERS, STAFF
from services.enrollment.rosters.model import Placement
from services.enrollment.trainings import commands
from services.enrollment.trainings.model import Training
from services.enrollment.trainings.schemas import (
    CancelTraining,
    DeliverTraining,
    NumberTraining,
    PlacementView,
    RecordAttendance,
    ReleaseSeats,
    RescheduleTraining,
    ResizeTraining,
    ReverseDelivery,
    ScheduleTraining,
    SeatEnterprise,
    TrainingView,
    WithdrawRoster,
)
from shared.storage.row_scope import ScopedQuerySet
from shared.web.api.routes import Routes
from shared.web.fields import Body
from shared.web.lists.listing import ListQuery

trainings = Routes("trainings", description="Classroom trainings, their rosters and delivery")
ONE = "/v1/trainings/<uuid:training_id>"


@trainings.post(
    "/v1/trainings",
    permits=STAFF,
    body=ScheduleTraining,
    returns=TrainingView,
    created=True,
    location="/v1/trainings/{id}",
)
def schedule_training(body: Body) -> Training:
    return commands.schedule_training(**body)


@trainings.list(
    "/v1/trainings",
    permits=READERS,
    returns=TrainingView,
    filters=("external_id", "module", "state", "delivery_mode"),
    sort=("created_at",),
)
def list_trainings(query: ListQuery) -> ScopedQuerySet:
    del query
    return Training.objects


@trainings.get(ONE, permits=READERS, returns=TrainingView)
def show_training(training_id: UUID) -> Training:
    return Training.get(training_id)


@trainings.patch(ONE, permits=STAFF, body=NumberTraining, returns=TrainingView)
def number_training(training_id: UUID, body: Body) -> Training:
    return commands.number_training(training_id, **body)


@trainings.post(f"{ONE}/rescheduling", permits=STAFF, body=RescheduleTraining, returns=TrainingView)
def reschedule_training(training_id: UUID, body: Body) -> Training:
    return commands.reschedule_training(training_id, **body)


@trainings.post(f"{ONE}/capacity", permits=STAFF, body=ResizeTraining, returns=TrainingView, serialised=True)
def resize_training(training_id: UUID, body: Body) -> Training:
    return commands.resize_training(training_id, **body)


@trainings.post(f"{ONE}/cancellation", permits=STAFF, body=CancelTraining, returns=TrainingView)
def cancel_training(training_id: UUID, body: Body) -> Training:
    return commands.cancel_training(training_id, **body)


@trainings.post(
    f"{ONE}/rosters", permits=STAFF, body=SeatEnterprise, returns=PlacementView, created=True,
    location="/v1/trainings/{training_id}", serialised=True,
)  # fmt: skip
def seat_enterprise(training_id: UUID, body: Body) -> Placement:
    return commands.seat_enterprise(training_id, **body).placement_of(body["enterprise_id"])


@trainings.post(
    f"{ONE}/rosters/<uuid:enterprise_id>/seats",
    permits=STAFF,
    body=ReleaseSeats,
    returns=PlacementView,
    serialised=True,
)
def release_seats(training_id: UUID, enterprise_id: UUID, body: Body) -> Placement:
    return commands.release_seats(training_id, enterprise_id, **body).placement_of(enterprise_id)


@trainings.post(
    f"{ONE}/rosters/<uuid:enterprise_id>/withdrawal",
    permits=STAFF,
    body=WithdrawRoster,
    returns=TrainingView,
    serialised=True,
)
def withdraw_roster(training_id: UUID, enterprise_id: UUID, body: Body) -> Training:
    return commands.withdraw_roster(training_id, enterprise_id, **body)


@trainings.post(f"{ONE}/attendance", permits=CLASSROOM_STAFF, body=RecordAttendance, returns=TrainingView)
def record_attendance(training_id: UUID, body: Body) -> Training:
    return commands.record_attendance(training_id, **body)


@trainings.post(f"{ONE}/delivery", permits=CLASSROOM_STAFF, body=DeliverTraining, returns=TrainingView)
def deliver_training(training_id: UUID, body: Body) -> Training:
    return commands.deliver_training(training_id, **body)


@trainings.post(f"{ONE}/delivery/reversal", permits=STAFF, body=ReverseDelivery, returns=TrainingView)
def reverse_delivery(training_id: UUID, body: Body) -> Training:
    return commands.reverse_delivery(training_id, **body)
