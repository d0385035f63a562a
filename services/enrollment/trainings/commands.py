"""Plans classrooms, gives seats and waiting places in them, and keeps attendance and delivery."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypedDict, Unpack
from uuid import UUID

from services.enrollment.catalogue.queries import module_today
from services.enrollment.enterprises.errors import UNKNOWN_ENTERPRISE
from services.enrollment.enterprises.model import Enterprise
from services.enrollment.errors import refused
from services.enrollment.institutions.queries import acting_provider
from services.enrollment.journeys.commands import attend_classroom, lose_classroom
from services.enrollment.journeys.model import Classroom
from services.enrollment.rosters.model import GivenSeats, Seats, seats_of
from services.enrollment.rosters.named_seats import claimed_seats
from services.enrollment.settings import enrollment_settings
from services.enrollment.trainers.lead import Lead
from services.enrollment.trainers.queries import uncovered_days
from services.enrollment.trainings.errors import ENTERPRISE_TWICE
from services.enrollment.trainings.gates import (
    require_baselines,
    require_commitment,
    require_entitlement,
    require_named,
    require_prerequisites,
    require_uncompleted,
)
from services.enrollment.trainings.model import Training
from services.enrollment.trainings.queries import assigned_trainers, place_of
from services.enrollment.trainings.rules import (
    NewTraining,
    TrainingChanges,
    in_order,
    require_hours,
    require_supervisor,
)
from shared.contracts.reference import Venue
from shared.domain.external_ids import OwnNumber, renumber, require_free
from shared.domain.refusals import Refusals
from shared.kernel import clock
from shared.messaging.outbox.compacted import publish_reference, retract_reference
from shared.storage.transaction import transactional


class GivenAttendance(TypedDict):
    """The persons of an enterprise who were there on every day, as a caller gives them."""

    enterprise_id: UUID
    attended: GivenSeats


@transactional
def schedule_training(
    *,
    module: str,
    days: Sequence[date],
    lead_trainer_id: UUID,
    provider_id: UUID | None = None,
    capacity: int | None = None,
    **described: Unpack[NewTraining],
) -> Training:
    """Schedule a classroom. The lead trainer must be entitled to the module on every day."""
    faults, lead = Refusals(), Lead(module, lead_trainer_id, described.get("supervisor_id"))
    with faults.gather():
        provider = acting_provider(provider_id)
        with faults.gather():  # who may be named is the provider's
            require_named(lead, described.get("co_trainer_ids", ()), provider.id, days)
    with faults.gather():
        version = module_today(module)
    with faults.gather():
        days = in_order(days)
    with faults.gather():
        require_hours(described.get("start_time"), described.get("end_time"))
    with faults.gather():
        require_supervisor(described.get("kind", "regular"), lead.trainer_id, lead.supervisor_id)
    faults.end()
    training = Training(
        **described,
        capacity=capacity or enrollment_settings().classroom_capacity,
        module=module,
        module_version=version.number,
        required_visits=version.required_visits,
        days=days,
        lead_trainer_id=lead_trainer_id,
        provider_id=provider.id,
    )
    require_free(training)
    training.schedule()
    require_entitlement(lead, training.days)
    training.save()
    _tell_place(training, new=True)
    return training


@transactional
def reschedule_training(training_id: UUID, *, reason: str, **changes: Unpack[TrainingChanges]) -> Training:
    """Move a classroom, or give it other trainers or another venue; what is not given stays as it was."""
    training, faults = Training.get(training_id), Refusals()
    before, place_before = list(training.trainer_ids), (training.venue, training.venue_address)
    with faults.gather():
        if "days" in changes:
            changes["days"] = in_order(changes["days"])
    with faults.gather():
        training.reschedule(reason=reason, **changes)
    with faults.gather():
        require_supervisor(training.kind, training.lead_trainer_id, training.supervisor_id)
    with faults.gather():
        require_named(training.lead, training.co_trainer_ids, provider_id=training.provider_id, days=training.days)
    faults.end()
    require_entitlement(training.lead, training.days)
    if training.trainer_ids != before:
        _renew_assignments(training, training.enterprise_ids)
    training.save()
    if (training.venue, training.venue_address) != place_before:
        _tell_place(training)
    return training


@transactional
def number_training(training_id: UUID, **changes: Unpack[OwnNumber]) -> Training:
    """Give a classroom the number that its provider's own system has for it; null takes it away."""
    return renumber(Training.get(training_id), changes)


@transactional
def resize_training(training_id: UUID, *, capacity: int) -> Training:
    """Give the room another number of seats; the waiting list moves up by itself."""
    training = Training.get(training_id)
    training.resize(capacity)
    return training.save()


@transactional
def cancel_training(training_id: UUID, *, reason: str) -> Training:
    """Call a classroom off; its trainers no longer see the enterprises for its sake."""
    training = Training.get(training_id)
    training.cancel(reason)
    _renew_assignments(training, training.enterprise_ids)
    return training.save()


@transactional
def seat_enterprise(
    training_id: UUID,
    *,
    enterprise_id: UUID,
    seats: GivenSeats | None = None,
    participant_ids: Sequence[UUID] | None = None,
    again: bool = False,
) -> Training:
    """Give an enterprise of the same provider its seats in a classroom, or a place in its waiting list.

    One that completed the module already has them only where `again` says that it shall attend once more.
    """
    training = Training.get(training_id)
    enterprise = Enterprise.find(enterprise_id)
    if enterprise is None or enterprise.provider_id != training.provider_id:
        raise refused("/enterprise_id", UNKNOWN_ENTERPRISE)
    require_commitment(enterprise)
    require_prerequisites(enterprise, training)
    if not again:
        require_uncompleted(enterprise, training.module)
    training.seat(enterprise_id, *claimed_seats(enterprise_id, seats, participant_ids))
    if enterprise.assign([*enterprise.trainer_ids, *training.trainer_ids]):
        enterprise.save()
    return training.save()


@transactional
def release_seats(
    training_id: UUID,
    enterprise_id: UUID,
    *,
    seats: GivenSeats | None = None,
    participant_ids: Sequence[UUID] | None = None,
) -> Training:
    """Leave an enterprise only these of its seats; the waiting list moves up by itself."""
    training = Training.get(training_id)
    training.roster_of(enterprise_id)
    training.release(enterprise_id, *claimed_seats(enterprise_id, seats, participant_ids))
    return training.save()


@transactional
def withdraw_roster(training_id: UUID, enterprise_id: UUID, *, reason: str) -> Training:
    """Take back an enterprise's seats, or its place in the waiting list, which moves up by itself."""
    training = Training.get(training_id)
    training.withdraw(enterprise_id, reason)
    _renew_assignments(training, [enterprise_id])
    return training.save()


@transactional
def record_attendance(training_id: UUID, *, day: date, participant_ids: Sequence[UUID]) -> Training:
    """Record who was there on a day, of those who have seats by name."""
    training = Training.get(training_id)
    training.attend(day, participant_ids, today=clock.today(training.zone))
    return training.save()


@transactional
def deliver_training(
    training_id: UUID, *, attendance: Sequence[GivenAttendance], days_without_list: Sequence[date] = ()
) -> Training:
    """Deliver a classroom: it took place. Each entry says who of an enterprise was there on every day.

    Where lists by day are kept, a day that has none is refused unless it is named: what was entered is never left out.
    """
    training = Training.get(training_id)
    require_baselines(training)
    training.deliver(
        _present_by_enterprise(attendance), today=clock.today(training.zone), days_without_list=days_without_list
    )
    training.save()
    attend_classroom(
        module=training.module,
        provider_id=training.provider_id,
        classroom=Classroom(
            training_id=training.id,
            delivered_on=training.last_day,
            lead_trainer_id=training.lead_trainer_id,
            required_visits=training.required_visits,
            delivery_mode=training.delivery_mode,
        ),
        present=[roster.enterprise_id for roster in training.present()],
        absent=[roster.enterprise_id for roster in training.absent()],
    )
    return training


@transactional
def reverse_delivery(training_id: UUID, *, reason: str) -> Training:
    """Reverse a delivery that turned out to be wrong: it and what it completed no longer count."""
    training = Training.get(training_id)
    training.reverse(reason, today=clock.today(training.zone))
    training.save()
    lose_classroom(training_id, reason)
    return training


def _present_by_enterprise(attendance: Sequence[GivenAttendance]) -> dict[UUID, Seats]:
    present: dict[UUID, Seats] = {}
    for number, entry in enumerate(attendance):
        if entry["enterprise_id"] in present:
            raise refused(f"/attendance/{number}", ENTERPRISE_TWICE)
        present[entry["enterprise_id"]] = seats_of(entry["attended"])
    return present


def _renew_assignments(training: Training, enterprise_ids: Iterable[UUID]) -> None:
    """Let only the trainers of the classrooms in which these enterprises still have a place see them.

    Each is written whether that changes it or not: two changes at once would both count on the other's classroom.
    """
    for enterprise_id in enterprise_ids:
        enterprise = Enterprise.find(enterprise_id)
        if enterprise is not None:
            enterprise.assign(assigned_trainers(enterprise, training))
            enterprise.save()


def _tell_place(training: Training, *, new: bool = False) -> None:
    """Have others show where a classroom takes place, or nothing where that is no longer known."""
    if (place := place_of(training)) is not None:
        publish_reference(place, new=new)
    elif not new:
        retract_reference(Venue, training.id, training.version)


@transactional
def review_lead(training_id: UUID, *, today: date) -> bool:
    """Review whether the lead trainer of a planned classroom is still entitled on the days to come; true for a new finding."""
    training = Training.get(training_id)
    to_come = [day for day in training.days if day >= today]
    changed = training.review_lead(uncovered_days(training.lead, to_come), today=today)
    if changed:
        training.save()
    return changed
