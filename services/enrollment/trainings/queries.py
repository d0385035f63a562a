"""Reads of trainings for pages, answers and other subjects."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from services.enrollment.enterprises.model import Enterprise
from services.enrollment.rosters.attendance import DayPresence
from services.enrollment.rosters.model import Placement, Roster
from services.enrollment.trainings.errors import HasSeats
from services.enrollment.trainings.model import Training
from shared.contracts.reference import Venue
from shared.kernel.context import unscoped
from shared.kernel.principal import Principal


def refuse_open_places(enterprise_id: UUID) -> None:
    """Raise a conflict while an enterprise has seats in a planned training, or waits for some: others count on it."""
    with unscoped("others count on a place whoever planned the training; only its id is told"):
        planned = Training.objects(enterprise_ids=enterprise_id, state="scheduled")
        trainings = sorted(training.id for training in planned)
    if trainings:
        raise HasSeats(trainings)


def assigned_trainers(enterprise: Enterprise, changed: Training) -> set[UUID]:
    """Return the trainers of the classrooms of its provider in which an enterprise has a place, to come or delivered.

    `changed` counts as it is now, saved or not.
    """
    stored = Training.objects(enterprise_ids=enterprise.id, provider_id=enterprise.provider_id)
    classrooms = [changed, *(training for training in stored if training.id != changed.id)]
    return {
        trainer_id
        for training in classrooms
        if training.state != "cancelled" and training.provider_id == enterprise.provider_id
        if enterprise.id in training.enterprise_ids
        for trainer_id in training.trainer_ids
    }


def visible_rosters(training: Training, viewer: Principal) -> list[Roster]:
    """List the rosters with seats that the viewer may see."""
    return _visible(training.rosters, viewer)


def visible_waiting(training: Training, viewer: Principal) -> list[Placement]:
    """List the waiting rosters that the viewer may see, each with its place among all."""
    places = [
        Placement(training.id, roster, number, training.version)
        for number, roster in enumerate(training.waiting, start=1)
    ]
    shown = _visible(training.waiting, viewer)
    return [place for place in places if place.roster in shown]


def visible_presence(training: Training, viewer: Principal) -> list[DayPresence]:
    """List the attendance by day, with only the participants of rosters that the viewer may see."""
    rosters = visible_rosters(training, viewer)
    shown = {participant_id for roster in rosters for participant_id in roster.participant_ids}
    return [
        DayPresence(
            day=presence.day, participant_ids=[person for person in presence.participant_ids if person in shown]
        )
        for presence in training.presence
    ]


def _visible(rosters: Iterable[Roster], viewer: Principal) -> list[Roster]:
    """Return the rosters the viewer sees: an enterprise its own, not who sits beside it."""
    own = viewer.enterprise if viewer.role == "enterprise" else None
    return [roster for roster in rosters if own is None or roster.enterprise_id == own]


def place_of(training: Training) -> Venue | None:
    """Return what others show of where a classroom takes place, at its present version; None where nothing is known."""
    name = training.venue or training.venue_address
    if name is None:
        return None
    address = training.venue_address if training.venue else None
    return Venue(training_id=training.id, version=training.version, name=name, address=address)
