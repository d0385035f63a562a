"""Who has places in a training, or teaches in it, hears what holds: once, in time, and nothing that no longer holds."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

import pytest

from services.notifications.letters.model import Letter
from services.notifications.sending import jobs
from services.notifications.trainings.commands import send_reminders
from services.notifications.trainings.handlers import trainings
from services.notifications.trainings.model import BEGINNING_OF_LETTERS, BeginningOfLetters, PlannedTraining
from services.notifications.trainings.rules import training_reminders
from shared.contracts.event import Event
from shared.contracts.events.enrollment import (
    RosterSeated,
    RosterWaitlisted,
    RosterWithdrawn,
    TrainingCancelled,
    TrainingDelivered,
    TrainingRescheduled,
    TrainingScheduled,
)
from shared.contracts.values import Attendance, DeliveredEnterprise, Headcount, InvitedEnterprise
from shared.kernel import clock
from shared.storage.transaction import in_new_transaction
from tests.services.notifications.conftest import Choose
from tests.support import factories
from tests.support.factories import days_ago
from tests.support.histories import changed, one
from tests.support.mail_relay import Relay
from tests.support.records import AHEAD, Group, records_of

TRAINING, FIRM, OTHER = one("training", 1), one("firm", 1), one("firm", 2)
SEKAR, WULAN = one("person", 1), one("person", 2)
LEAD, CO = one("trainer", 1), one("trainer", 2)
SEATS = Attendance(managers=Headcount(women=1, men=1), workers=Headcount(women=1, men=0))


def planned(kind: type[Any] = TrainingScheduled, *, ahead: int = 20, **more: Any) -> Event:
    days = tuple(days_ago(-ahead, -ahead - 1))
    values = {"lead_trainer_id": LEAD, "co_trainer_ids": (), "supervisor_id": None, "days": days, "zone": "Asia/Jakarta",
              "start_time": "08:30", "end_time": "16:00", **more}  # fmt: skip
    return changed(kind, training_id=TRAINING, module="M1", **values)


def moved(ahead: int, before: int, **more: Any) -> Event:
    return planned(TrainingRescheduled, ahead=ahead, previous_days=tuple(days_ago(-before, -before - 1)), **more)


def roster(kind: type[Any], *people: UUID, firm: UUID = FIRM, **more: Any) -> Event:
    return changed(kind, training_id=TRAINING, enterprise_id=firm, participant_ids=people, **more)


def told(*events: Event) -> None:
    Group(trainings).take(records_of(events))


def letters(*, unwritten: bool = False) -> Counter[tuple[str, UUID]]:
    """Count the letters of each kind to each recipient; those that were left unwritten or those that were not."""
    rows = Letter.objects
    return Counter((row.template, row.recipient_id) for row in rows if (row.reason == "overtaken") is unwritten)


def known(*parties: UUID) -> None:
    for party in parties:
        factories.party(party)


def later(choose: Choose, days: float) -> None:
    choose(SCORE_CLOCK_OFFSET=days * 86_400)


def test_who_gets_places_is_invited_once_and_who_teaches_is_asked(relay: Relay) -> None:
    events = planned(), roster(RosterSeated, SEKAR, WULAN)
    told(*events)
    told(*events)
    assert letters() == Counter(
        [("training_assigned", LEAD), *(("training_invitation", one) for one in (FIRM, SEKAR, WULAN))]
    )
    (invitation,) = Letter.objects(recipient_id=SEKAR)
    assert invitation.about["days"] == [day.isoformat() for day in days_ago(-20, -21)]
    assert invitation.about["enterprise_id"] == str(FIRM)


def test_fewer_places_tell_only_those_whom_they_concern(relay: Relay) -> None:
    new = one("person", 3)
    known(FIRM, SEKAR, WULAN, new)
    told(planned(), roster(RosterSeated, SEKAR, WULAN), roster(RosterSeated, SEKAR, new))
    assert letters()[("training_invitation", new)] == 1
    assert letters()[("training_withdrawn", WULAN)] == 1
    assert letters(unwritten=True) == Counter([("training_invitation", WULAN)])
    assert letters()[("training_invitation", FIRM)] == 1


def test_who_waits_hears_so_and_is_invited_when_places_become_free(relay: Relay) -> None:
    known(FIRM, OTHER, SEKAR)
    told(
        planned(),
        roster(RosterSeated),
        roster(RosterWaitlisted, SEKAR, firm=OTHER, position=1),
        roster(RosterWithdrawn, reason="no_time"),
        roster(RosterSeated, SEKAR, firm=OTHER),
    )
    assert letters() == Counter([
        ("training_assigned", LEAD), ("training_withdrawn", FIRM), ("training_promoted", OTHER), ("training_invitation", SEKAR),
    ])  # fmt: skip
    assert letters(unwritten=True) == Counter([("training_invitation", FIRM), ("training_waitlisted", OTHER)])


def test_an_invitation_that_has_not_gone_out_says_the_new_days_and_no_other_letter_does(relay: Relay) -> None:
    known(FIRM)
    invited = (InvitedEnterprise(enterprise_id=FIRM),)
    told(planned(ahead=20), roster(RosterSeated), moved(30, 20, invited=invited), moved(40, 30, invited=invited))
    (letter,) = Letter.objects(recipient_id=FIRM)
    assert (letter.template, letter.about["days"][0]) == ("training_invitation", days_ago(-40)[0].isoformat())


def test_who_was_invited_hears_of_other_days_once_though_they_change_twice(relay: Relay) -> None:
    known(FIRM)
    told(planned(ahead=20), roster(RosterSeated))
    jobs.send_due()
    invited = (InvitedEnterprise(enterprise_id=FIRM),)
    history = [planned(ahead=20), roster(RosterSeated), moved(30, 20, invited=invited), moved(40, 30, invited=invited)]
    told(*history)
    (letter,) = Letter.objects(recipient_id=FIRM, template="training_moved")
    assert letter.about["days"][0] == days_ago(-40)[0].isoformat()
    assert letter.about["previous_days"][0] == days_ago(-20)[0].isoformat(), "of that alone its recipient knows"


def test_other_hours_are_told_and_other_trainers_concern_trainers_only(relay: Relay) -> None:
    invited = (InvitedEnterprise(enterprise_id=FIRM),)
    others = planned(ahead=20), moved(20, 20, invited=invited, lead_trainer_id=CO)
    told(*others)
    assert letters() == Counter([("training_released", LEAD), ("training_assigned", CO)])
    assert letters(unwritten=True) == Counter([("training_assigned", LEAD)])
    told(*others, moved(20, 20, invited=invited, lead_trainer_id=CO, start_time="10:00"))
    assert letters()[("training_moved", FIRM)] == 1


def test_a_cancelled_training_invites_and_reminds_nobody(relay: Relay, choose: Choose) -> None:
    known(FIRM, SEKAR)
    invited = (InvitedEnterprise(enterprise_id=FIRM, participant_ids=(SEKAR,)),)
    told(planned(), roster(RosterSeated, SEKAR), planned(TrainingCancelled, invited=invited))
    assert set(letters()) == {("training_cancelled", one) for one in (FIRM, SEKAR, LEAD)}
    later(choose, 19)
    assert send_reminders() == 0


def test_the_people_of_an_enterprise_that_waits_hear_nothing_of_a_training_to_which_they_were_not_invited(
    relay: Relay,
) -> None:
    invited = (InvitedEnterprise(enterprise_id=OTHER, participant_ids=(SEKAR,)),)
    told(
        planned(),
        roster(RosterWaitlisted, SEKAR, firm=OTHER, position=1),
        moved(30, 20, invited=invited),
        planned(TrainingCancelled, ahead=30, invited=invited),
    )
    assert {recipient for _, recipient in letters()} == {OTHER, LEAD}


def test_a_reminder_is_written_once_for_each_of_its_days(relay: Relay, choose: Choose) -> None:
    known(FIRM, SEKAR, LEAD)
    told(planned(ahead=20), roster(RosterSeated, SEKAR))
    assert send_reminders() == 0
    for day in (13.1, 13.2, 19.1, 19.5, 21):
        later(choose, day)
        send_reminders()
    numbers = {
        recipient: count for (template, recipient), count in letters().items() if template == "training_reminder"
    }
    assert numbers == {FIRM: 2, SEKAR: 2, LEAD: 2}


def test_who_was_invited_after_a_reminder_fell_due_is_not_reminded_of_what_is_news(
    relay: Relay, choose: Choose
) -> None:
    known(FIRM)
    events = planned(ahead=20), roster(RosterSeated)
    told(events[0])
    later(choose, 15)
    told(*events)
    send_reminders()
    assert ("training_reminder", FIRM) not in letters()
    assert letters()[("training_reminder", LEAD)] == 1, "who teaches has known it for long"
    later(choose, 19.1)
    send_reminders()
    assert letters()[("training_reminder", FIRM)] == 1


def test_a_moved_training_reminds_of_the_new_days(relay: Relay, choose: Choose) -> None:
    known(FIRM)
    invited = (InvitedEnterprise(enterprise_id=FIRM),)
    move = moved(30, 20, invited=invited)
    told(planned(ahead=20), roster(RosterSeated), move)
    later(choose, 13.1)
    assert send_reminders() == 0
    later(choose, 23.1)
    send_reminders()
    (letter,) = Letter.objects(template="training_reminder", recipient_id=FIRM)
    assert letter.about["days"] == [day.isoformat() for day in move.days]


@pytest.mark.parametrize("days", ["7,1", "3", "14, 7, 2"])
def test_how_many_days_before_is_a_setting(relay: Relay, choose: Choose, days: str) -> None:
    choose(SCORE_REMINDER_DAYS=days)
    told(planned(ahead=20))
    first = max(int(day) for day in days.split(","))
    (training,) = PlannedTraining.objects
    assert training.next_reminder_at == training_reminders(training.first_day, training.zone, [first])[0].at


def test_who_was_asked_is_reminded_once_of_the_questions(relay: Relay, choose: Choose) -> None:
    known(SEKAR)
    came = DeliveredEnterprise(
        enterprise_id=FIRM, journey_id=one("journey", 1), attendance=SEATS, participant_ids=(SEKAR, WULAN)
    )
    delivered = changed(
        TrainingDelivered, training_id=TRAINING, module="M1", enterprises=(came,), delivered_on=days_ago(0)[0]
    )
    told(delivered)
    jobs.send_due()
    for day in (1, 3.2, 4, 8):
        later(choose, day)
        send_reminders()
        jobs.send_due()
    assert [str(mail["Subject"])[:7] for mail in relay.mails] == ["Bagaima", "Lima pe"]
    assert Letter.objects(template="evaluation_reminder").count() == 1, "who was not reached is not reminded either"


def test_what_came_before_this_store_wrote_letters_is_told_to_nobody(relay: Relay) -> None:
    at = clock.now() + 2 * AHEAD
    beginning = BeginningOfLetters.get(BEGINNING_OF_LETTERS)
    beginning.at = at
    in_new_transaction(beginning.save)
    told(planned(), roster(RosterSeated, SEKAR))
    assert Letter.objects.count() == 0
    assert PlannedTraining.objects.count() == 1
