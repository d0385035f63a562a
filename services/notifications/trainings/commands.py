"""Keeps the plans of trainings, and writes the letters about them.

The events of a training come in their order, so each letter is written from what held at its event. One that has not gone
out yet when the plan changes is told anew: nobody is invited to days on which nothing takes place.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.notifications.content import trainings as templates
from services.notifications.letters.commands import Word, leave_overtaken, retell, write_letter
from services.notifications.letters.kinds import KINDS
from services.notifications.letters.model import Letter
from services.notifications.settings import notification_settings
from services.notifications.trainings.model import BEGINNING_OF_LETTERS, BeginningOfLetters, Plan, PlannedTraining
from services.notifications.trainings.rules import (
    Due,
    ends,
    evaluation_ends,
    evaluation_reminder,
    training_reminders,
)
from shared.kernel import clock, ids
from shared.kernel.clock import BEGINNING
from shared.kernel.context import tracing
from shared.kernel.trace import Trace, new_traceparent
from shared.reference.zones import WIB
from shared.storage.transaction import transactional

ENTERPRISE, PARTICIPANT, TRAINER = "enterprise", "participant", "trainer"
Invitations = Mapping[UUID, Collection[UUID]]
ABOUT_PLACES = (templates.INVITATION, templates.PROMOTION, templates.WAITING)
NEWS = (*ABOUT_PLACES, templates.MOVED, templates.TASK)


@dataclass(frozen=True, slots=True)
class Cause:
    """The event that is told; its `sequence` numbers what calendars are told of a training. A timer has none."""

    id: UUID
    at: datetime
    correlation_id: UUID
    sequence: int | None = None


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a letter goes to, and as what; for an enterprise's people which one it is. Who `waits` has it in no calendar."""

    recipient_id: UUID
    to: str
    enterprise_id: UUID | None = None
    waits: bool = False


@transactional
def plan_training(training_id: UUID, *, plan: Plan, cause: Cause) -> None:
    training = _planned(training_id, plan, cause)
    _tell(templates.TASK, training, cause, _trainers(training.trainer_ids))
    _await_reminders(training)


@transactional
def move_training(
    training_id: UUID, *, plan: Plan, invited: Invitations, previous_days: list[date], cause: Cause
) -> None:
    """Tell everybody concerned of another time, trainers who are new of their task, and those who are not that they are free."""
    known = PlannedTraining.find(training_id)
    before = set(known.trainer_ids) if known else set(plan.get("trainer_ids", []))
    hours = [known.start_time, known.end_time] if known else [plan["start_time"], plan["end_time"]]
    training = _planned(training_id, plan, cause)
    now = set(training.trainer_ids)
    _tell(templates.TASK, training, cause, _trainers(one for one in training.trainer_ids if one not in before))
    _tell("training_released", training, cause, _trainers(before - now), overtakes=NEWS)
    if previous_days != plan["days"] or hours != [plan["start_time"], plan["end_time"]]:
        concerned = [*_told_before(training, invited), *_trainers(one for one in training.trainer_ids if one in before)]
        more = {"previous_days": [day.isoformat() for day in previous_days]}
        until = ends([*plan["days"], *previous_days], training.zone)
        for told in concerned:
            key, thing = "training_id", str(training_id)
            leave_overtaken(told.recipient_id, (templates.REMINDER,), key, thing)
            about = training.about() | more | _numbered(cause, told)
            if not retell(told.recipient_id, NEWS, key, thing, about=about, useful_until=until):
                _write(templates.MOVED, training, cause, told, until=until, more=more)
    _await_reminders(training)


@transactional
def cancel_training(training_id: UUID, *, plan: Plan, invited: Invitations, cause: Cause) -> None:
    training = _planned(training_id, plan, cause)
    training.state, training.next_reminder_at = "cancelled", None
    overtaken = (*NEWS, templates.REMINDER)
    concerned = [*_told_before(training, invited), *_trainers(training.trainer_ids)]
    _tell("training_cancelled", training, cause, concerned, overtakes=overtaken)
    training.save()


@transactional
def seat_enterprise(training_id: UUID, enterprise_id: UUID, participant_ids: Collection[UUID], *, cause: Cause) -> None:
    """Invite an enterprise and its people who are named, those who were not yet; who is no longer named need not come."""
    training = PlannedTraining.find(training_id)
    if training is None:
        return
    known = training.invitation_of(enterprise_id)
    waited, had = (known.waits, set(known.participant_ids)) if known else (False, set())
    training.invite(enterprise_id, participant_ids, cause.at if known is None or waited else known.since, waits=False)
    contact, *people = _everybody({enterprise_id: participant_ids})
    if known is None or waited:
        _tell(
            templates.PROMOTION if waited else templates.INVITATION, training, cause, [contact], overtakes=ABOUT_PLACES
        )
    new = [told for told in people if told.recipient_id not in had or waited]
    _tell(templates.INVITATION, training, cause, new, overtakes=ABOUT_PLACES)
    left = [Addressee(one, PARTICIPANT, enterprise_id) for one in had - set(participant_ids)] if not waited else []
    _tell("training_withdrawn", training, cause, left, overtakes=(*NEWS, templates.REMINDER))
    training.save()


@transactional
def let_enterprise_wait(
    training_id: UUID, enterprise_id: UUID, participant_ids: Collection[UUID], *, position: int, cause: Cause
) -> None:
    training = PlannedTraining.find(training_id)
    if training is None:
        return
    training.invite(enterprise_id, participant_ids, cause.at, waits=True)
    _tell(templates.WAITING, training, cause, [Addressee(enterprise_id, ENTERPRISE)], {"position": position})
    training.save()


@transactional
def withdraw_enterprise(
    training_id: UUID, enterprise_id: UUID, participant_ids: Collection[UUID], *, cause: Cause
) -> None:
    training = PlannedTraining.find(training_id)
    if training is None:
        return
    known = training.invitation_of(enterprise_id)
    waited = known is not None and known.waits
    training.drop(enterprise_id)
    concerned = _everybody(
        {enterprise_id: () if waited else participant_ids}, waiting={enterprise_id} if waited else ()
    )
    overtaken = (*NEWS, templates.REMINDER)
    _tell("training_withdrawn", training, cause, concerned, {"waited": waited}, overtakes=overtaken)
    training.save()


@transactional
def ask_for_evaluation(
    training_id: UUID, *, module: str, provider_id: UUID, delivered_on: date, participant_ids: list[UUID], cause: Cause
) -> None:
    """Ask those who were there on every day, once about a training, even when its delivery is reversed and told anew."""
    plan: Plan = {"module": module, "days": [delivered_on], "zone": WIB, "start_time": None, "end_time": None,
                  "provider_id": provider_id}  # fmt: skip
    training = PlannedTraining.find(training_id) or _planned(training_id, plan, cause)
    training.state, training.delivered_on, training.attended_ids = "delivered", delivered_on, participant_ids
    until = evaluation_ends(delivered_on, training.zone, notification_settings().link_days)
    for person in participant_ids:
        more = {"delivered_on": delivered_on.isoformat()}
        _write(
            templates.EVALUATION, training, cause, Addressee(person, PARTICIPANT), until=until, more=more, once_for=training_id
        )  # fmt: skip
    _await_reminders(training)


@transactional
def stop_asking(training_id: UUID) -> None:
    """Remind nobody of a training that counts as not held; who was asked already may answer."""
    training = PlannedTraining.find(training_id)
    if training is not None:
        training.state, training.next_reminder_at = "reversed", None
        training.save()


def send_reminders() -> int:
    """Write the reminders that are due; returns of how many trainings."""
    due = PlannedTraining.objects(next_reminder_at__gte=BEGINNING, next_reminder_at__lte=clock.now())
    found = [training.id for training in due]
    for training_id in found:
        _remind(training_id)
    return len(found)


@transactional
def _remind(training_id: UUID) -> None:
    training, now = PlannedTraining.get(training_id), clock.now()
    cause = Cause(training.cause_id, now, training.correlation_id)
    with tracing(Trace(training.correlation_id, new_traceparent(), training.cause_id)):
        for due in training.remind(_reminders(training), now):
            if training.state == "delivered":
                _remind_of_questions(training, due, cause)
            else:
                _remind_of_days(training, due, cause)
    training.save()


def _remind_of_days(training: PlannedTraining, due: Due, cause: Cause) -> None:
    """Remind those who knew before the reminder fell due; the others have only just been told."""
    once_for = ids.derived("reminder", training.id, due.key)
    people = {
        row.enterprise_id: row.participant_ids for row in training.invited if not row.waits and row.since < due.at
    }
    concerned = [*_everybody(people), *_trainers(training.trainer_ids)] if training.planned_since < due.at else []
    for told in concerned:
        _write(templates.REMINDER, training, cause, told, until=due.until, once_for=once_for)


def _remind_of_questions(training: PlannedTraining, due: Due, cause: Cause) -> None:
    """Remind those whose letter went out. Who has answered is known to nobody, so they are reminded too, and told why."""
    for person in training.attended_ids:
        asked = Letter.find(Letter.id_for(training.id, templates.EVALUATION, person))
        if asked is not None and asked.state == "sent":
            more = {"delivered_on": training.delivered_on.isoformat()}
            told = Addressee(person, PARTICIPANT)
            _write(
                templates.EVALUATION_REMINDER, training, cause, told, until=due.until, more=more, once_for=training.id
            )  # fmt: skip


def _reminders(training: PlannedTraining) -> list[Due]:
    chosen = notification_settings()
    match training.state:
        case "scheduled":
            return training_reminders(training.first_day, training.zone, chosen.reminder_days)
        case "delivered":
            after, valid = chosen.evaluation_reminder_days, chosen.link_days
            return [evaluation_reminder(training.delivered_on, training.zone, after, valid)]
        case _:
            return []


def _await_reminders(training: PlannedTraining) -> None:
    training.await_reminders(_reminders(training))
    training.save()


def _planned(training_id: UUID, plan: Plan, cause: Cause) -> PlannedTraining:
    """Return the training with its new plan, which `cause` told."""
    training = PlannedTraining.find(training_id) or PlannedTraining(id=training_id, planned_since=cause.at)
    training.follow(plan, cause.at)
    training.cause_id, training.correlation_id = cause.id, cause.correlation_id
    return training


def _everybody(invited: Invitations, waiting: Collection[UUID] = ()) -> list[Addressee]:
    """Return the contact of each enterprise, and those of its people who are named."""
    return [
        told
        for enterprise_id, participant_ids in invited.items()
        for told in (
            Addressee(enterprise_id, ENTERPRISE, waits=enterprise_id in waiting),
            *(Addressee(person, PARTICIPANT, enterprise_id) for person in participant_ids),
        )
    ]


def _told_before(training: PlannedTraining, invited: Invitations) -> list[Addressee]:
    """Return those of them who know of the training: of an enterprise that waits its contact alone."""
    waiting = {row.enterprise_id for row in training.invited if row.waits}
    return _everybody({firm: () if firm in waiting else people for firm, people in invited.items()}, waiting)


def _trainers(trainer_ids: Iterable[UUID]) -> list[Addressee]:
    return [Addressee(trainer_id, TRAINER) for trainer_id in dict.fromkeys(trainer_ids)]


def _numbered(cause: Cause, told: Addressee) -> dict[str, int]:
    return {} if cause.sequence is None or told.waits else {"sequence": cause.sequence}


def _tell(
    template: str, training: PlannedTraining, cause: Cause, concerned: Iterable[Addressee],
    more: Mapping[str, Word] | None = None, *, overtakes: Collection[str] = (),
) -> None:  # fmt: skip
    """Write a letter to each; what has not gone out yet and no longer holds is left unwritten."""
    until = ends(training.days, training.zone)
    for told in concerned:
        leave_overtaken(told.recipient_id, overtakes, "training_id", str(training.id))
        _write(template, training, cause, told, until=until, more=more)


def _write(
    template: str, training: PlannedTraining, cause: Cause, told: Addressee, *, until: datetime,
    more: Mapping[str, Word] | None = None, once_for: UUID | None = None,
) -> None:  # fmt: skip
    beginning = BeginningOfLetters.find(BEGINNING_OF_LETTERS)
    if beginning is not None and cause.at < beginning.at:
        return
    as_whom = {"to": told.to} | ({"enterprise_id": str(told.enterprise_id)} if told.enterprise_id else {})
    write_letter(
        template=template, cause_id=cause.id, cause_at=cause.at, recipient_id=told.recipient_id,
        institution_id=training.provider_id, once_for=once_for,
        about={**training.about(), **as_whom, **_numbered(cause, told), **(more or {})},
        optional=KINDS[template].optional or told.to != ENTERPRISE, useful_until=until,
    )  # fmt: skip
