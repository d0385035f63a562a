"""A letter is written once, waits for what it needs, is claimed before it is sent, and is never sent again when in doubt."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from services.notifications.letters import commands
from services.notifications.letters.handlers import letters
from services.notifications.letters.model import Letter
from services.notifications.recipients import commands as recipients_commands
from services.notifications.recipients.handlers import addresses
from services.notifications.sending import commands as sending_commands
from services.notifications.sending import jobs
from services.notifications.settings import notification_settings
from shared.contracts.contacts import Party
from shared.contracts.finance import InvoiceIssued
from shared.contracts.notifications import LetterBounced, LetterSent
from shared.contracts.samples import sample
from shared.messaging import contacts
from shared.runtime import clock, ids
from shared.runtime.context import SYSTEM, acting_as
from shared.runtime.settings import settings
from shared.storage import connection
from shared.storage.transaction import transactional
from tests.integration.services import worlds
from tests.integration.services.conftest import Enter
from tests.integration.services.post import Relay, free_port, started
from tests.integration.services.records import Group, facts_said, party_records, records_of
from tests.integration.services.worlds import ALPHA


@pytest.fixture
def relay(enter: Enter, configured: pytest.MonkeyPatch) -> Iterator[Relay]:
    relay = Relay()
    controller = started(relay)
    configured.setenv("SCORE_SMTP", f"127.0.0.1:{controller.port}")
    configured.setenv("SCORE_SMTP_TIMEOUT_SECONDS", "10")
    settings.cache_clear()
    notification_settings.cache_clear()
    enter("notifications")
    with acting_as(SYSTEM):
        yield relay
    controller.stop()
    notification_settings.cache_clear()


def state_of(letter: Letter) -> str:
    return str(Letter.get(letter.id).state)


def test_one_fact_is_one_letter_however_often_it_is_told(relay: Relay) -> None:
    group, told = Group(letters), records_of([sample(InvoiceIssued)])
    group.take(told)
    group.take([*told, *told])
    (letter,) = Letter.objects
    again = commands.write_letter(
        template=letter.template, cause_id=letter.cause_id, cause_at=clock.now(), recipient_id=letter.recipient_id,
        institution_id=None, about={},
    )  # fmt: skip
    assert (again.id, again.version) == (letter.id, letter.version)
    assert letter.state == "waiting_for_contact"


@pytest.mark.parametrize(("language", "word"), [("id", "Tagihan"), ("en", "Invoice")])
def test_a_letter_waits_for_its_contact_and_speaks_its_language(relay: Relay, language: Any, word: str) -> None:
    fact = sample(InvoiceIssued)
    Group(letters).take(records_of([fact]))
    jobs.send_due()
    assert relay.visits == 0
    party = Party(
        party_id=fact.payer_id,
        version=1,
        kind="enterprise",
        name="CV Contoh",
        email="contoh@example.org",
        language=language,
    )
    Group(addresses).take(party_records("enrollment", [party]))
    jobs.send_due()
    jobs.send_due()
    (mail,) = relay.mails
    assert relay.recipients == ["contoh@example.org"]
    assert mail["Content-Language"] == language
    assert word in mail["Subject"]
    assert fact.number in mail["Subject"] + text_of(mail)
    (sent,) = facts_said(LetterSent)
    assert sent.recipient_id == fact.payer_id
    assert "example.org" not in str(list(connection.database()["outbox"].find({})))


def test_without_an_address_it_is_unreachable_until_there_is_one(relay: Relay) -> None:
    recipient = ids.new()
    worlds.party(recipient, email=None)
    letter = worlds.letter(ALPHA, recipient=recipient)
    assert letter.state == "unreachable"
    worlds.party(recipient, version=2, email="baru@example.org")
    recipients_commands.address_waiting(recipient)
    jobs.send_due()
    assert state_of(letter) == "sent"
    assert relay.recipients == ["baru@example.org"]


def test_a_letter_that_lost_its_address_waits_on_the_list_and_not_in_the_queue(relay: Relay) -> None:
    letter, other = worlds.letter(ALPHA), worlds.letter(ALPHA)
    worlds.party(letter.recipient_id, version=2, email=None)
    recipients_commands.address_waiting(letter.recipient_id)
    assert state_of(letter) == "unreachable"
    connection.database()["contacts"].delete_one({"_id": other.recipient_id})
    jobs.send_due()
    assert state_of(other) == "unreachable"
    assert relay.visits == 0


def test_old_news_is_held_for_a_person(relay: Relay) -> None:
    fresh, old = worlds.letter(ALPHA, hours_old=47), worlds.letter(ALPHA, hours_old=49)
    assert (fresh.state, old.state) == ("queued", "held")
    jobs.send_due()
    assert (state_of(fresh), state_of(old)) == ("sent", "held")
    commands.release_letter(old.id)
    jobs.send_due()
    assert state_of(old) == "sent"


def test_a_letter_is_claimed_before_the_relay_has_it(relay: Relay) -> None:
    letter = worlds.letter(ALPHA)
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
    letter = worlds.letter(ALPHA)
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
    letter = worlds.letter(ALPHA)
    relay.answers["RCPT"] = "451 later"
    jobs.send_due()
    assert state_of(letter) == "failed"


@pytest.mark.parametrize("step", ["RCPT", "DATA"])
def test_never_is_a_bounce(relay: Relay, step: str) -> None:
    letter = worlds.letter(ALPHA)
    relay.answers[step] = "550 nobody here"
    jobs.send_due()
    jobs.send_due()
    assert (state_of(letter), relay.visits, relay.taken) == ("bounced", 1, [])
    (fact,) = facts_said(LetterBounced)
    assert (fact.letter_id, fact.reason, fact.permanent) == (letter.id, "smtp-550", True)


def test_a_relay_that_is_away_is_tried_again(relay: Relay, configured: pytest.MonkeyPatch) -> None:
    letter = worlds.letter(ALPHA)
    configured.setenv("SCORE_SMTP", f"127.0.0.1:{free_port()}")
    settings.cache_clear()
    jobs.send_due()
    assert (state_of(letter), Letter.get(letter.id).reason) == ("queued", "ConnectionRefusedError")


def test_silence_after_the_last_byte_is_ambiguous_and_never_sent_again(relay: Relay) -> None:
    letter = worlds.letter(ALPHA)
    relay.answers["DATA"] = None
    jobs.send_due()
    assert state_of(letter) == "ambiguous"
    relay.answers.clear()
    make_due(letter)
    jobs.send_due()
    assert (state_of(letter), len(relay.taken)) == ("ambiguous", 1)
    commands.resend_letter(letter.id)
    jobs.send_due()
    first, second = relay.mails
    assert state_of(letter) == "sent"
    assert first["Message-ID"] == second["Message-ID"]


def test_a_sender_that_died_leaves_an_ambiguous_letter(relay: Relay) -> None:
    letter = worlds.letter(ALPHA)
    sending_commands.claim(letter.id)
    jobs.send_due()
    assert state_of(letter) == "sending"
    connection.database()["letters"].update_one(
        {"_id": letter.id}, {"$set": {"claimed_at": clock.now() - timedelta(hours=1)}}
    )
    jobs.send_due()
    assert (state_of(letter), relay.visits) == ("ambiguous", 0)


@pytest.mark.parametrize("parting", ["421 too busy to say goodbye", "550 no"])
def test_what_the_relay_says_after_taking_a_letter_changes_nothing(relay: Relay, parting: str) -> None:
    letter = worlds.letter(ALPHA)
    relay.answers["QUIT"] = parting
    jobs.send_due()
    make_due(letter)
    jobs.send_due()
    assert (state_of(letter), len(relay.taken)) == ("sent", 1)


HOSTILE = [
    "Ratna\r\nBcc: x@example.org",
    "Ratna\nBcc: x@example.org",
    "Ratna\rSubject: lain",
    "Ratna\x00",
    "Ratna\u2028Bcc: x@example.org",
    "Ratna\x85Bcc: x@example.org",
    "=?utf-8?q?Ratna=0D=0ABcc=3A_x@example.org?=",
    "=?utf-8?b?UmF0bmENCkJjYzogeEBleGFtcGxlLm9yZw==?=",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_never_becomes_a_header(relay: Relay, name: str) -> None:
    recipient = ids.new()
    worlds.party(recipient, name=name)
    letter, innocent = worlds.letter(ALPHA, recipient=recipient), worlds.letter(ALPHA)
    jobs.send_due()
    assert (state_of(letter), state_of(innocent)) == ("failed", "sent")
    assert relay.recipients == ["ratna@example.org"]
    assert [mail["Bcc"] for mail in relay.mails] == [None]


@pytest.mark.parametrize(
    "email",
    [
        "x@example.org\r\nBcc: y@example.org", "x@example.org, y@example.org", "<x@example.org>", "x y@example.org",
        "ratñā@example.org", "x@exämple.org", "=?utf-8?q?x?=@example.org", "@example.org", "x@", "x",
    ],
)  # fmt: skip
def test_what_is_no_address_stops_one_letter_and_no_other(relay: Relay, email: str) -> None:
    recipient = ids.new()
    worlds.party(recipient, email=email)
    letter, innocent = worlds.letter(ALPHA, recipient=recipient), worlds.letter(ALPHA)
    jobs.send_due()
    assert (state_of(letter), state_of(innocent)) == ("failed", "sent")
    assert relay.recipients == ["ratna@example.org"]


@pytest.mark.parametrize(
    "name", ["Ratna", 'Bu "Ratna", S.E.', "Rätñā Ćontoh", "Ratna <x@example.org>", "Ratna; Bcc: x", "R" * 200]
)
def test_a_name_arrives_as_it_is_and_there_is_one_of_each_header(relay: Relay, name: str) -> None:
    recipient = ids.new()
    worlds.party(recipient, name=name)
    letter = worlds.letter(ALPHA, recipient=recipient)
    jobs.send_due()
    (mail,) = relay.mails
    (address,) = mail["To"].addresses
    assert (address.display_name, address.addr_spec) == (name, "ratna@example.org")
    assert sorted(set(mail.keys())) == sorted(mail.keys())
    assert mail["Message-ID"] == f"<{letter.id}@example.org>"
    assert mail["X-Correlation-ID"] == str(letter.correlation_id)
    assert {part.get_content_type() for part in mail.walk()} == {"multipart/alternative", "text/plain", "text/html"}
    assert "<script" not in str(mail)


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


@transactional
def make_due(letter: Letter) -> None:
    """As if its pause were over."""
    connection.database()["letters"].update_one({"_id": letter.id}, {"$set": {"next_try_at": clock.now()}})


def test_a_letter_that_saw_no_address_when_it_arrived_is_given_it_later(relay: Relay) -> None:
    Group(letters).take(records_of([sample(InvoiceIssued)]))
    (letter,) = Letter.objects
    assert state_of(letter) == "waiting_for_contact"
    assert recipients_commands.address_forgotten() == 0
    party = Party(party_id=letter.recipient_id, version=1, kind="enterprise", name="PT Contoh", email="pt@example.org")
    transactional(contacts.keep)("notifications.addresses", party)
    assert recipients_commands.address_forgotten() == 1
    assert state_of(letter) == "queued"
