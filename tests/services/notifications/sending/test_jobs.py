"""A letter is written once, waits for what it needs, is claimed before it is sent, and is never sent again when in doubt."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.notifications.letters import commands
from services.notifications.letters.model import Letter
from services.notifications.sending import jobs
from services.notifications.sending.commands import Settled, recover, store
from services.notifications.sending.rules import Outcome
from services.notifications.settings import notification_settings
from shared.contracts.events.notifications import LetterBounced
from shared.kernel import clock, ids
from shared.storage import connection
from tests.support import factories
from tests.support.factories import ALPHA
from tests.support.letters import make_due, state_of
from tests.support.mail_relay import Relay, free_port
from tests.support.records import events_said


def test_a_letter_is_claimed_before_the_relay_has_it(relay: Relay) -> None:
    letter = factories.letter(ALPHA)
    seen: list[tuple[str, int]] = []

    def look() -> None:
        row = connection.database()["letters"].find_one({"_id": letter.id})
        seen.append((row["state"], row["tries"]))

    relay.watch = look
    jobs.send_due()
    assert seen == [("sending", 1)]
    assert state_of(letter) == "sent"


@pytest.mark.parametrize("step", ["RCPT", "DATA"])
def test_not_now_is_tried_again_later(relay: Relay, configured: pytest.MonkeyPatch, step: str) -> None:
    letter = factories.letter(ALPHA)
    relay.answers[step] = "451 later"
    jobs.send_due()
    waiting = Letter.get(letter.id)
    assert (waiting.state, waiting.reason) == ("queued", "smtp-451")
    assert waiting.next_try_at > clock.now() + timedelta(minutes=4)
    relay.answers.clear()
    jobs.send_due()
    assert relay.taken == []
    make_due(letter)
    jobs.send_due()
    assert (state_of(letter), Letter.get(letter.id).tries, len(relay.taken)) == ("sent", 2, 1)


def test_a_letter_not_taken_for_days_has_failed(relay: Relay, configured: pytest.MonkeyPatch) -> None:
    configured.setenv("SCORE_MAIL_RETRY_HOURS", "0.000001")
    notification_settings.cache_clear()
    letter = factories.letter(ALPHA)
    relay.answers["RCPT"] = "451 later"
    jobs.send_due()
    assert state_of(letter) == "failed"


@pytest.mark.parametrize("step", ["RCPT", "DATA"])
def test_never_is_a_bounce(relay: Relay, step: str) -> None:
    letter = factories.letter(ALPHA)
    relay.answers[step] = "550 nobody here"
    jobs.send_due()
    jobs.send_due()
    assert (state_of(letter), relay.visits, relay.taken) == ("bounced", 1, [])
    (event,) = events_said(LetterBounced)
    assert (event.letter_id, event.reason, event.permanent) == (letter.id, "smtp-550", True)


def test_a_relay_that_is_away_is_tried_again(relay: Relay, configured: pytest.MonkeyPatch) -> None:
    letter = factories.letter(ALPHA)
    configured.setenv("SCORE_SMTP", f"127.0.0.1:{free_port()}")
    notification_settings.cache_clear()
    jobs.send_due()
    assert (state_of(letter), Letter.get(letter.id).reason) == ("queued", "ConnectionRefusedError")


def test_silence_after_the_last_byte_is_ambiguous_and_never_sent_again(relay: Relay) -> None:
    letter = factories.letter(ALPHA)
    relay.answers["DATA"] = None
    jobs.send_due()
    assert state_of(letter) == "ambiguous"
    relay.answers.clear()
    make_due(letter)
    jobs.send_due()
    assert (state_of(letter), len(relay.taken)) == ("ambiguous", 1)
    commands.resend_letter(letter.id, "not-arrived")
    jobs.send_due()
    first, second = relay.mails
    assert state_of(letter) == "sent"
    assert first["Message-ID"] == second["Message-ID"]


def test_a_sender_that_died_leaves_an_ambiguous_letter_only_where_it_had_begun_to_tell_it(relay: Relay) -> None:
    begun, claimed = factories.letter(ALPHA), factories.letter(ALPHA)
    found = store({begun.id: ids.new(), claimed.id: ids.new()}, [], []).claimed
    assert store({}, [found[begun.id]], []).handed_over == {found[begun.id].claim_id}
    relay.answers["RCPT"] = "451 later"
    jobs.send_due()
    again = Letter.get(claimed.id)
    assert (state_of(begun), again.state, again.reason, again.tries) == ("ambiguous", "queued", "smtp-451", 1)
    assert relay.visits == 1
    assert store({}, [found[claimed.id]], []).handed_over == frozenset(), "a sender that wakes up has lost its claim"


def test_a_sender_that_lived_says_late_what_became_of_its_letter(relay: Relay) -> None:
    letter = factories.letter(ALPHA)
    claimed = store({letter.id: ids.new()}, [], []).claimed[letter.id]
    store({}, [claimed], [])
    recover(())
    assert state_of(letter) == "ambiguous"
    store({}, [], [Settled(letter.id, claimed.claim_id, Outcome("sent"))])
    assert state_of(letter) == "sent"


@pytest.mark.parametrize("parting", ["421 too busy to say goodbye", "550 no"])
def test_what_the_relay_says_after_taking_a_letter_changes_nothing(relay: Relay, parting: str) -> None:
    letter = factories.letter(ALPHA)
    relay.answers["QUIT"] = parting
    jobs.send_due()
    make_due(letter)
    jobs.send_due()
    assert (state_of(letter), len(relay.taken)) == ("sent", 1)
