"""Who is slow delays nobody else, and nobody is written to who should not be."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from pymongo.errors import AutoReconnect

from services.notifications.letters.handlers import letters
from services.notifications.letters.model import Letter
from services.notifications.preferences import commands as preferences
from services.notifications.recipients.handlers import addresses
from services.notifications.sending import jobs
from services.notifications.suppressions.model import Suppression
from shared.contracts.events.finance import InvoiceIssued
from shared.contracts.events.notifications import AddressSuppressed, LetterBounced, LetterSent
from shared.contracts.parties import Party
from shared.contracts.samples import sample
from shared.kernel import clock, ids
from shared.storage import connection
from tests.services.notifications.conftest import Choose
from tests.support import factories
from tests.support.factories import ALPHA
from tests.support.fake_smtp import GREY_TIMES, FakeSmtp
from tests.support.letters import make_due, state_of
from tests.support.mail_relay import Relay
from tests.support.records import Group, events_said, party_records, records_of
from tests.support.waiting import until


def letter_to(email: str, **more: Any) -> Letter:
    recipient = ids.new()
    factories.party(recipient, email=email, **more)
    return factories.letter(ALPHA, recipient=recipient)


def sent_by_now(letters: list[Letter]) -> bool:
    jobs.send_due()
    return {state_of(letter) for letter in letters} == {"sent"}


def test_a_domain_that_stalls_delays_nobody_else(fake: FakeSmtp, choose: Choose) -> None:
    choose(SCORE_SMTP_TIMEOUT_SECONDS=30, SCORE_LEASE_SECONDS=1.5)
    stalled = [letter_to(f"slow{number}@slow.example.org") for number in range(6)]
    others = [letter_to(f"quick{number}@example.org") for number in range(20)]
    until(lambda: sent_by_now(others), "the others are sent")
    assert sorted(state_of(letter) for letter in stalled) == ["queued"] * 3 + ["sending"] * 3
    later = letter_to("later@example.org")
    until(lambda: sent_by_now([later]), "one that comes later is sent")
    assert fake.stalling == 3, "a domain has its own share of the connections"


def test_where_a_connection_broke_its_domain_rests_and_its_letter_is_tried_again(
    fake: FakeSmtp, choose: Choose
) -> None:
    choose(SCORE_SMTP_TIMEOUT_SECONDS=0.3, SCORE_MAIL_CONNECTIONS=1, SCORE_MAIL_REST_SECONDS=60)
    stalled = [letter_to(f"slow{number}@broken.example.org") for number in range(3)]
    other = letter_to("other@example.org")
    jobs.send_due()
    assert (state_of(other), fake.stalling) == ("sent", 1)
    tried = [Letter.get(letter.id) for letter in stalled]
    assert max((letter.state, letter.tries, letter.reason) for letter in tried if letter.tries) == (
        "queued",
        1,
        "SMTPServerDisconnected",
    )
    assert [letter.tries for letter in tried].count(0) == 2


def test_greylisting_spaces_its_tries_and_ends_in_a_letter(fake: FakeSmtp) -> None:
    letter, pauses = letter_to("grey@example.org"), []
    for _ in range(GREY_TIMES):
        jobs.send_due()
        waiting = Letter.get(letter.id)
        pauses.append(waiting.next_try_at - clock.now())
        make_due(letter)
    jobs.send_due()
    assert (state_of(letter), sum(fake.accepted.values())) == ("sent", 1)
    assert timedelta(minutes=4) < pauses[0] < timedelta(minutes=6) < timedelta(minutes=9) < pauses[1]


def test_an_address_that_is_refused_gets_no_more_letters_until_there_is_another(fake: FakeSmtp) -> None:
    recipient = ids.new()
    factories.party(recipient, email="gone@example.org")
    first = factories.letter(ALPHA, recipient=recipient)
    jobs.send_due()
    second = factories.letter(ALPHA, recipient=recipient)
    jobs.send_due()
    assert (state_of(first), state_of(second), fake.asked["gone@example.org"]) == ("bounced", "suppressed", 1)
    (said,) = events_said(AddressSuppressed)
    assert (said.recipient_id, said.reason) == (recipient, "smtp-550")
    assert [event.letter_id for event in events_said(LetterBounced)] == [first.id]
    other = letter_to("GONE@example.org")
    jobs.send_due()
    assert state_of(other) == "suppressed", "whoever has that address"
    assert "example.org" not in str(list(connection.database()["suppressions"].find({})))
    moved = Party(party_id=recipient, version=2, kind="enterprise", name="Ratna", email="there@example.org")
    Group(addresses).take(party_records("enrollment", [moved]))
    jobs.send_due()
    assert (state_of(second), state_of(first)) == ("sent", "bounced")
    assert Suppression.objects.get(recipient_id=recipient).state == "replaced"


@pytest.mark.parametrize("step", ["RCPT", "DATA"])
def test_a_letter_that_is_refused_for_what_it_says_ends_letters_to_nobody(relay: Relay, step: str) -> None:
    letter = factories.letter(ALPHA)
    relay.answers[step] = "554 5.7.1 looks like spam"
    jobs.send_due()
    assert (state_of(letter), list(Suppression.objects)) == ("bounced", [])


def test_a_connection_that_broke_after_the_text_is_in_doubt(fake: FakeSmtp) -> None:
    letter, other = letter_to("drop@example.org"), letter_to("quick@example.org")
    jobs.send_due()
    make_due(letter)
    jobs.send_due()
    assert (state_of(letter), state_of(other)) == ("ambiguous", "sent")
    assert set(fake.accepted.values()) == {1}


def test_a_mailbox_that_answers_every_letter_gets_so_many_an_hour_and_is_never_answered(
    fake: FakeSmtp, choose: Choose
) -> None:
    choose(SCORE_MAIL_PER_HOUR=3)
    recipient = ids.new()
    factories.party(recipient, email="auto@example.org")
    written = [factories.letter(ALPHA, recipient=recipient) for _ in range(5)]
    jobs.send_due()
    jobs.send_due()
    assert sorted(state_of(letter) for letter in written) == ["queued"] * 2 + ["sent"] * 3
    waiting = next(letter for letter in Letter.objects if letter.state == "queued")
    assert waiting.reason == "enough-for-now"
    assert timedelta(minutes=55) < waiting.next_try_at - clock.now() <= timedelta(hours=1)
    assert len(fake.replies) == 3
    for mail in fake.mails:
        assert (mail["Auto-Submitted"], mail["X-Auto-Response-Suppress"]) == ("auto-generated", "OOF, AutoReply")


def test_a_letter_waits_for_the_morning_of_its_recipient(relay: Relay, choose: Choose) -> None:
    now = clock.now().astimezone()
    choose(SCORE_QUIET_HOURS=f"{now - timedelta(hours=1):%H:%M}-{now + timedelta(hours=1):%H:%M}")
    zone = {0: "UTC", 7: "Asia/Jakarta"}[round((now.utcoffset() or timedelta()).total_seconds() / 3600)]
    asleep, awake = letter_to("a@example.org", zone=zone), letter_to("b@example.org", zone="Pacific/Kiritimati")
    jobs.send_due()
    waiting = Letter.get(asleep.id)
    assert (waiting.state, waiting.reason, waiting.tries, state_of(awake)) == ("queued", "quiet-hours", 0, "sent")
    assert timedelta(minutes=58) < waiting.next_try_at - clock.now() <= timedelta(hours=1)


def test_who_said_no_gets_what_has_to_be_and_nothing_else(relay: Relay) -> None:
    recipient = ids.new()
    factories.party(recipient)
    invoice = factories.letter(ALPHA, recipient=recipient)
    moved = factories.letter(ALPHA, recipient=recipient)
    connection.database()["letters"].update_one(
        {"_id": moved.id},
        {"$set": {"template": "training_moved",
                  "about": {"module": "M1", "days": ["2026-12-01"], "previous_days": ["2026-11-30"], "zone": "WIB"}}},
    )  # fmt: skip
    preferences.opt_out(recipient)
    jobs.send_due()
    unwritten = Letter.get(moved.id)
    assert (state_of(invoice), unwritten.state, unwritten.reason) == ("sent", "suppressed", "opted-out")


def test_a_held_letter_that_is_released_is_tried_for_as_long_as_any_other(fake: FakeSmtp, choose: Choose) -> None:
    """Its time to be tried begins when it is, not when it was written."""
    from services.notifications.letters.commands import release_letter

    recipient = ids.new()
    factories.party(recipient, email="grey@example.org")
    letter = factories.letter(ALPHA, recipient=recipient, hours_old=200)
    connection.database()["letters"].update_one(
        {"_id": letter.id}, {"$set": {"created_at": clock.now() - timedelta(hours=200)}}
    )
    release_letter(letter.id)
    jobs.send_due()
    assert (state_of(letter), Letter.get(letter.id).reason) == ("queued", "smtp-451")


def test_dropping_the_cursors_and_reading_everything_again_sends_nothing(relay: Relay) -> None:
    event = sample(InvoiceIssued)
    payer = Party(party_id=event.payer_id, version=1, kind="enterprise", name="CV Contoh", email="contoh@example.org")
    Group(addresses).take(party_records("enrollment", [payer]))
    told = records_of([event])
    Group(letters).take(told)
    jobs.send_due()
    database = connection.database()
    for collection in ("cursors", "groups", "attempts"):
        database[collection].delete_many({})
    Group(letters).take(told)
    Group(addresses).take(party_records("enrollment", [payer]))
    jobs.send_due()
    assert (len(relay.taken), len(events_said(LetterSent)), Letter.objects.count()) == (1, 1, 1)


def test_a_step_that_the_store_refuses_leaves_no_letter_behind(relay: Relay, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when the store is away for a moment while a letter is handed over."""
    from services.notifications.sending import ledger

    written, stored, refusals = [letter_to(f"q{number}@example.org") for number in range(4)], ledger.store, [True, True]

    def refuse_some(claims: Any, handovers: Any, results: Any) -> Any:
        if handovers and refusals:
            refusals.pop()
            raise AutoReconnect("away")
        return stored(claims, handovers, results)

    monkeypatch.setattr(ledger, "store", refuse_some)
    until(lambda: sent_by_now(written), "every letter goes out")
    assert sorted(relay.recipients) == [f"q{number}@example.org" for number in range(4)]


def test_of_two_senders_one_sends_a_letter(relay: Relay) -> None:
    """As when a worker that was stopped wakes up after another took its lease."""
    from services.notifications.sending.dispatch import Dispatch
    from shared.kernel.context import acting_as
    from shared.kernel.principal import SYSTEM

    written = [letter_to(f"quick{number}@example.org") for number in range(12)]

    def send() -> None:
        with acting_as(SYSTEM):
            Dispatch().round(3.0)

    senders = [threading.Thread(target=send) for _ in range(2)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    jobs.send_due()
    until(lambda: all(state_of(letter) in ("sent", "ambiguous") for letter in written), "every letter is settled")
    said: list[UUID] = [event.letter_id for event in events_said(LetterSent)]
    assert len(said) == len(set(said)) <= len(written)
    assert len(relay.recipients) == len(set(relay.recipients)) == len(written)
