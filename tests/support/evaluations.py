"""A delivered training whose participants are known by name, and answers about it by link."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.enrollment.evaluations.labels import QUESTIONS
from services.enrollment.trainings import commands as trainings_commands
from services.enrollment.trainings.model import Training
from shared.kernel.context import acting_as
from tests.support import factories
from tests.support.declared_operations import app_of
from tests.support.factories import ALPHA, STAFF


def seated(training_id: UUID, enterprise_id: UUID, number: int) -> list[UUID]:
    """So many people of an enterprise, with seats by name in a training that is to be held."""
    roles = ["manager", *["worker"] * (number - 1)]
    people = [factories.person(enterprise_id, role=role).id for role in roles]
    trainings_commands.seat_enterprise(training_id, enterprise_id=enterprise_id, participant_ids=people)
    return people


def present(training: Training, people: list[UUID]) -> Training:
    """Deliver a training at which these people were on every day."""
    for day in training.days:
        trainings_commands.record_attendance(training.id, day=day, participant_ids=people)
    return trainings_commands.deliver_training(training.id, attendance=[])


def held(number: int = 12) -> tuple[Training, list[UUID]]:
    """A delivered training, and so many people who were there on every day."""
    with acting_as(STAFF):
        enterprise = factories.brought(factories.enterprise(ALPHA), "enrolled")
        training = factories.training(ALPHA)
        people = seated(training.id, enterprise.id, number)
        return present(training, people), people


def answered(link: str, overall: int = 4, **headers: str) -> Any:
    body = {"link": link, "marks": {**dict.fromkeys(QUESTIONS, 3), "overall": overall}}
    said = {name.replace("_", "-"): value for name, value in headers.items()}
    return app_of("enrollment").test_client().post("/v1/evaluations", json=body, headers=said)
