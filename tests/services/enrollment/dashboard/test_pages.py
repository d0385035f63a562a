"""The first page shows what waits for somebody."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from services.enrollment.trainers import commands as trainers_commands
from services.enrollment.trainings import commands as trainings_commands
from services.enrollment.trainings.model import Training
from shared.kernel import ids
from tests.support.office import TODAY, key_of


def test_a_trainer_who_is_no_longer_entitled_shows_on_the_first_page(office):
    training = office.planned(days=[TODAY + timedelta(7)])
    assert "without an entitled trainer" not in office.staff.work()
    trainer = Training.get(UUID(key_of(training))).lead_trainer_id
    trainers_commands.keep_entitlement(
        qualification_id=ids.derived("qualification", trainer, "M1"), trainer_id=trainer, module="M1",
        valid_from=TODAY - timedelta(30), valid_to=TODAY + timedelta(30), ended_on=TODAY,
    )  # fmt: skip
    trainings_commands.review_lead(UUID(key_of(training)), today=TODAY)
    assert "without an entitled trainer" in office.staff.work()
    assert "Trainer not entitled" in office.staff.read(training)
