"""Leads who lose their certificate, and candidates under an expert."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from services.enrollment.dashboard.queries import conflicting_trainings
from services.enrollment.trainers import commands as trainers_commands
from services.enrollment.trainings import jobs as trainings_jobs
from services.enrollment.trainings.model import Training
from shared.contracts.events.enrollment import TrainerConflictFound
from shared.domain.errors import GateClosed, Invalid
from shared.kernel import ids
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM, Principal
from tests.support import factories
from tests.support.factories import ALPHA, days_ago
from tests.support.records import events_said
from tests.support.trainers import known_trainer


def certificate(trainer_id: UUID, *, valid_to: date, ended_on: date | None = None) -> None:
    with acting_as(SYSTEM):
        trainers_commands.keep_entitlement(
            qualification_id=ids.derived("qualification", trainer_id, "M1"), trainer_id=trainer_id, module="M1",
            valid_from=date(2020, 1, 1), valid_to=valid_to, ended_on=ended_on,
        )  # fmt: skip


def test_a_lead_whose_certificate_ends_before_a_planned_day_is_a_conflict_until_it_is_solved(staff: Principal) -> None:
    lead = factories.entitled(ids.new())
    ahead = factories.training(ALPHA, days=days_ago(-20, -21), trainer=lead)
    factories.training(ALPHA, days=days_ago(10, 9), trainer=lead)
    with acting_as(SYSTEM):
        assert trainings_jobs.review_leads() == 0
    certificate(lead, valid_to=ahead.days[0])
    with acting_as(SYSTEM):
        assert trainings_jobs.review_leads() == 1
        assert trainings_jobs.review_leads() == 0
    (event,) = events_said(TrainerConflictFound)
    assert (event.training_id, event.lead_trainer_id, event.days) == (ahead.id, lead, (ahead.days[1],))
    assert [training.id for training in conflicting_trainings()] == [ahead.id]
    certificate(lead, valid_to=date(2099, 12, 31))
    with acting_as(SYSTEM):
        assert trainings_jobs.review_leads() == 1
    assert conflicting_trainings() == []
    assert len(events_said(TrainerConflictFound)) == 1


def test_a_candidate_leads_only_under_the_expert_who_was_named(staff: Principal) -> None:
    candidate, (expert, other) = known_trainer(), (factories.entitled(ids.new()) for _ in range(2))
    days = days_ago(10, 9)

    def planned(supervisor: UUID | None) -> Training:
        return factories.training(ALPHA, days=days, trainer=candidate, kind="supervised", supervisor_id=supervisor)

    with pytest.raises(GateClosed) as closed:
        planned(expert)
    assert closed.value.members["missing"] == ["id.score.certification.supervised_delivery_authorised.v1"]
    factories.candidate(candidate, expert, days)
    with pytest.raises(GateClosed):
        planned(other)
    for supervisor, code in ((None, "supervisor-missing"), (candidate, "supervises-own")):
        with pytest.raises(Invalid) as refused:
            planned(supervisor)
        assert [fault.code for fault in refused.value.errors] == [code]
    assert planned(expert).trainer_ids == [candidate, expert]
    with acting_as(SYSTEM):
        certificate(expert, valid_to=date(2099, 12, 31), ended_on=days[1])
    with pytest.raises(GateClosed):
        planned(expert)
