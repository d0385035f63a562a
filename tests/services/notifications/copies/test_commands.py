"""What a letter said is kept for a time, without the links in it; what tells of the erased goes everywhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from deploy.mailbox.messages import Mailbox
from deploy.mailbox.server import serve_mailbox
from services.notifications.copies import commands
from services.notifications.copies.model import MailToRemove, SentCopy
from services.notifications.copies.queries import content_of
from services.notifications.letters.model import Letter
from services.notifications.links import queries as links_queries
from services.notifications.preferences.commands import opt_out
from services.notifications.recipients.commands import forget_recipient
from services.notifications.sending import jobs
from services.notifications.sending.commands import Settled, recover, store
from services.notifications.sending.rules import Outcome
from services.notifications.trainings.handlers import trainings
from shared.contracts.events.enrollment import TrainingDelivered
from shared.contracts.values import Attendance, DeliveredEnterprise, Headcount
from shared.kernel import clock, ids
from shared.messaging import parties
from shared.storage import connection
from shared.storage.transaction import transactional
from tests.services.notifications.conftest import Choose
from tests.support import factories
from tests.support.factories import ALPHA
from tests.support.histories import changed
from tests.support.letters import state_of
from tests.support.mail_relay import Relay, free_port
from tests.support.records import Group, records_of


@pytest.fixture
def mailbox(tmp_path: Path, choose: Choose) -> Iterator[Mailbox]:
    box, port = Mailbox(tmp_path / "mail", keep=100), free_port()
    server = serve_mailbox(box, port)
    choose(SCORE_MAILBOX=f"http://127.0.0.1:{port}/")
    yield box
    server.shutdown()
    server.server_close()


@transactional
def erased(person_id: UUID) -> None:
    """As the platform does it when an owner has said that somebody is erased."""
    parties.forget(person_id)
    forget_recipient(person_id)


def everything() -> str:
    database = connection.database()
    return "".join(str(list(database[name].find({}))) for name in database.list_collection_names())


def test_what_a_letter_said_is_kept_sealed_and_without_its_links(relay: Relay, choose: Choose, tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps({"keys": links_queries.public_keys()}), encoding="utf-8")
    recipient = ids.new()
    factories.party(recipient, name="Wulan Contoh", kind="person")
    people = Attendance(managers=Headcount(women=1, men=0), workers=Headcount(women=0, men=0))
    came = DeliveredEnterprise(
        enterprise_id=ids.new(), journey_id=ids.new(), attendance=people, participant_ids=(recipient,)
    )
    Group(trainings).take(records_of([changed(TrainingDelivered, enterprises=(came,))]))
    jobs.send_due()
    content = content_of(Letter.objects.get(recipient_id=recipient))
    assert content is not None
    assert "Wulan Contoh" in content.text
    assert ("To", "Wulan Contoh <ratna@example.org>") in content.headers
    assert "/evaluations/…" in content.text
    assert "/evaluations/…" in content.html
    assert "/v1/unsubscriptions/…" in dict(content.headers)["List-Unsubscribe"]
    assert "eyJ" not in str(content)
    assert "Wulan" not in str(list(connection.database()["sent_copies"].find({})))


def test_copies_go_by_the_clock(relay: Relay) -> None:
    old, young = factories.letter(ALPHA), factories.letter(ALPHA)
    jobs.send_due()
    connection.database()["sent_copies"].update_one(
        {"_id": old.id}, {"$set": {"kept_at": clock.now() - timedelta(days=31)}}
    )
    commands.forget_old_copies()
    assert content_of(Letter.get(old.id)) is None
    assert content_of(Letter.get(young.id)) is not None


def test_who_is_erased_goes_from_letters_copies_choices_and_the_mailbox(relay: Relay, mailbox: Mailbox) -> None:
    person = ids.new()
    factories.party(person, name="Sekar Contoh", email="sekar@example.org")
    letter, other = factories.letter(ALPHA, recipient=person), factories.letter(ALPHA)
    jobs.send_due()
    for mail in relay.taken:
        mailbox.keep(mail, "bounces@example.org", ["x@example.org"])
    waiting = factories.letter(ALPHA, recipient=person)
    opt_out(person)
    erased(person)
    jobs.send_due()
    commands.clear_mailbox()
    assert (state_of(letter), state_of(waiting), Letter.get(waiting.id).reason) == ("sent", "suppressed", "erased")
    assert Letter.get(letter.id).address_id is None
    assert [copy.id for copy in SentCopy.objects] == [other.id]
    assert [kept.message_id for kept in mailbox.summaries()] == [f"<{other.id}@example.org>"]
    assert "Sekar" not in everything()
    assert "sekar" not in everything()
    assert MailToRemove.objects.count() == 0


@pytest.mark.parametrize("ending", ["sent", "ambiguous", "deferred", "died"])
def test_who_is_erased_while_a_letter_is_told_to_the_relay_goes_when_it_has_it(
    relay: Relay, mailbox: Mailbox, ending: str
) -> None:
    letter = factories.letter(ALPHA)
    claimed = store({letter.id: ids.new()}, [], []).claimed[letter.id]
    store({}, [claimed], [])
    erased(letter.recipient_id)
    commands.clear_mailbox()
    mailbox.keep(f"Message-ID: <{letter.id}@example.org>\r\n\r\n".encode(), "b@example.org", ["sekar@example.org"])
    if ending == "died":
        recover(())
    else:
        store({}, [], [Settled(letter.id, claimed.claim_id, Outcome(ending))])  # type: ignore[arg-type]
    commands.clear_mailbox()
    assert mailbox.summaries() == []
    assert state_of(letter) == {"deferred": "suppressed", "died": "ambiguous"}.get(ending, ending)
    assert SentCopy.objects.count() == 0


def test_a_letter_is_not_told_to_the_relay_when_its_recipient_was_erased_after_the_claim(relay: Relay) -> None:
    letter = factories.letter(ALPHA)
    claimed = store({letter.id: ids.new()}, [], []).claimed[letter.id]
    erased(letter.recipient_id)
    assert store({}, [claimed], []).handed_over == frozenset()
    assert (state_of(letter), Letter.get(letter.id).reason) == ("suppressed", "erased")


def test_a_mailbox_that_is_away_is_asked_again(relay: Relay, mailbox: Mailbox, choose: Choose) -> None:
    letter = factories.letter(ALPHA)
    jobs.send_due()
    mailbox.keep(relay.taken[0], "b@example.org", ["ratna@example.org"])
    erased(letter.recipient_id)
    there = commands.notification_settings().mailbox
    choose(SCORE_MAILBOX=f"http://127.0.0.1:{free_port()}/")
    with pytest.raises(OSError):
        commands.clear_mailbox()
    choose(SCORE_MAILBOX=there)
    commands.clear_mailbox()
    assert (mailbox.summaries(), MailToRemove.objects.count()) == ([], 0)
