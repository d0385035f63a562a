"""What facts about a training say of it: the plan, a roster, the delivery."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared.contracts.values import DeliveredEnterprise, InvitedEnterprise

if TYPE_CHECKING:
    from services.enrollment.roster import Roster
    from services.enrollment.training import Training


def plan(training: Training) -> dict[str, Any]:
    return {
        "training_id": training.id,
        "revision": training.revision,
        "module": training.module,
        "module_version": training.module_version,
        "kind": training.kind,
        "days": tuple(training.days),
        "zone": training.zone,
        "provider_id": training.provider_id,
        "lead_trainer_id": training.lead_trainer_id,
        "co_trainer_ids": tuple(training.co_trainer_ids),
        "supervisor_id": training.supervisor_id,
        "delivery_mode": training.delivery_mode,
    }


def invited(training: Training) -> tuple[InvitedEnterprise, ...]:
    """Those whom a change of the plan concerns: who has seats and who waits."""
    return tuple(
        InvitedEnterprise(enterprise_id=told.enterprise_id, participant_ids=tuple(told.participant_ids))
        for told in (*training.rosters, *training.waiting)
    )


def roster(training: Training, told: Roster) -> dict[str, Any]:
    return {
        "training_id": training.id,
        "enterprise_id": told.enterprise_id,
        "journey_id": told.journey_id,
        "module": training.module,
        "seats": told.seats.counted(),
        "participant_ids": tuple(told.participant_ids),
    }


def delivery(training: Training) -> dict[str, Any]:
    return {
        "training_id": training.id,
        "module": training.module,
        "module_version": training.module_version,
        "delivered_on": training.last_day,
        "provider_id": training.provider_id,
        "lead_trainer_id": training.lead_trainer_id,
        "trainer_ids": tuple(training.trainer_ids),
        "supervisor_id": training.supervisor_id,
        "delivery_mode": training.delivery_mode,
        "required_visits": training.required_visits,
        "enterprises": tuple(
            DeliveredEnterprise(
                enterprise_id=present.enterprise_id,
                journey_id=present.journey_id,
                attendance=present.attended.counted(),
                participant_ids=tuple(present.present_ids),
            )
            for present in training.present()
        ),
    }
