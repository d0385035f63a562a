"""One event is one letter; it waits for its contact; old news is held."""

from __future__ import annotations

from typing import Any

import pytest

from services.notifications.letters import commands
from services.notifications.letters.handlers import letters
from services.notifications.letters.model import Letter
from services.notifications.recipients.handlers import addresses
from services.notifications.sending import jobs
from shared.contracts.events.finance import InvoiceIssued
from shared.contracts.events.notifications import LetterSent
from shared.contracts.parties import Party
from shared.contracts.samples import sample
from shared.kernel import clock
from shared.storage import connection
from tests.support import factories
from tests.support.factories import ALPHA
from tests.support.letters import state_of, text_of
from tests.support.mail_relay import Relay
from tests.support.records import Group, events_said, party_records, records_of


def test_one_event_is_one_letter_however_often_it_is_told(relay: Relay) -> None:
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
    event = sample(InvoiceIssued)
    Group(letters).take(records_of([event]))
    jobs.send_due()
    assert relay.visits == 0
    party = Party(
        party_id=event.payer_id,
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
    assert event.number in mail["Subject"] + text_of(mail)
    (sent,) = events_said(LetterSent)
    assert sent.recipient_id == event.payer_id
    assert "example.org" not in str(list(connection.database()["outbox"].find({})))


def test_old_news_is_held_for_a_person(relay: Relay) -> None:
    fresh, old = factories.letter(ALPHA, hours_old=47), factories.letter(ALPHA, hours_old=49)
    assert (fresh.state, old.state) == ("queued", "held")
    jobs.send_due()
    assert (state_of(fresh), state_of(old)) == ("sent", "held")
    commands.release_letter(old.id)
    jobs.send_due()
    assert state_of(old) == "sent"
