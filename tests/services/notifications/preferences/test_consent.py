"""Both must allow a letter that need not be written: the consent that enrollment keeps, and the choice that is kept here."""

from __future__ import annotations

import pytest

from services.notifications.letters.handlers import letters
from services.notifications.letters.model import Letter
from services.notifications.preferences import commands
from services.notifications.preferences.handlers import consents
from services.notifications.preferences.queries import refused_topics
from services.notifications.preferences.topics import TOPICS
from services.notifications.sending import jobs
from services.notifications.trainings.handlers import trainings
from shared.contracts.event import Event
from shared.contracts.events.enrollment import ConsentChanged, RosterSeated, TrainingScheduled
from tests.support import factories
from tests.support.factories import days_ago
from tests.support.histories import changed, one
from tests.support.mail_relay import Relay
from tests.support.records import Group, records_of

SEKAR, TRAINING = one("person", 1), one("training", 1)


def consent(*purposes: str, withdrawn: tuple[str, ...] = ()) -> Event:
    return changed(ConsentChanged, participant_id=SEKAR, purposes=purposes, withdrawn=withdrawn)


def invited() -> None:
    planned = changed(TrainingScheduled, training_id=TRAINING, days=tuple(days_ago(-3, -4)))
    seated = changed(RosterSeated, training_id=TRAINING, enterprise_id=one("firm", 1), participant_ids=(SEKAR,))
    Group(trainings).take(records_of([planned, seated]))


@pytest.mark.parametrize(
    ("may_contact", "opts_out", "state"),
    [(True, False, "sent"), (False, False, "suppressed"), (True, True, "suppressed"), (False, True, "suppressed")],
)
def test_a_letter_needs_both(relay: Relay, may_contact: bool, opts_out: bool, state: str) -> None:
    factories.party(SEKAR)
    Group(consents).take(records_of([consent("training", *(["contact"] if may_contact else []))]))
    if opts_out:
        commands.opt_out(SEKAR)
    invited()
    jobs.send_due()
    assert Letter.objects.get(recipient_id=SEKAR).state == state


def test_consent_that_is_given_anew_lifts_no_choice_and_forgets_none(relay: Relay) -> None:
    commands.opt_out(SEKAR)
    Group(consents).take(records_of([consent("training"), consent("training", "contact")]))
    assert refused_topics([SEKAR]) == {SEKAR: frozenset(TOPICS)}


def test_a_change_is_confirmed_to_who_may_be_written_to(relay: Relay) -> None:
    factories.party(SEKAR)
    told = [consent("training", "contact", withdrawn=("publication",)), consent("training", withdrawn=("contact",))]
    Group(letters).take(records_of(told))
    jobs.send_due()
    assert len(relay.mails) == 1
    assert {(row.state, row.reason) for row in Letter.objects} == {("sent", None), ("suppressed", "opted-out")}
