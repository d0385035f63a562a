"""A letter without an address waits on a list until there is one."""

from __future__ import annotations

from uuid import UUID

from services.notifications.letters.handlers import letters
from services.notifications.letters.model import Letter
from services.notifications.recipients import commands as recipients_commands
from services.notifications.recipients.handlers import addresses
from services.notifications.sending import jobs
from services.notifications.service import SERVICE
from shared.access.suspensions import groups_of
from shared.contracts.events.enrollment import PersonErased
from shared.contracts.events.finance import InvoiceIssued
from shared.contracts.parties import CONTACTS, Party
from shared.contracts.samples import sample
from shared.kernel import clock, ids
from shared.messaging import copies
from shared.messaging.inbox.store import MongoInbox
from shared.messaging.ports import Heard
from shared.storage import connection
from shared.storage.transaction import transactional
from tests.support import factories
from tests.support.factories import ALPHA
from tests.support.letters import state_of
from tests.support.mail_relay import Relay
from tests.support.records import Group, party_records, records_of


def test_without_an_address_it_is_unreachable_until_there_is_one(relay: Relay) -> None:
    recipient = ids.new()
    factories.party(recipient, email=None)
    letter = factories.letter(ALPHA, recipient=recipient)
    assert letter.state == "unreachable"
    factories.party(recipient, version=2, email="baru@example.org")
    recipients_commands.address_waiting(recipient)
    jobs.send_due()
    assert state_of(letter) == "sent"
    assert relay.recipients == ["baru@example.org"]


def test_a_letter_that_lost_its_address_waits_on_the_list_and_not_in_the_queue(relay: Relay) -> None:
    letter, other = factories.letter(ALPHA), factories.letter(ALPHA)
    factories.party(letter.recipient_id, version=2, email=None)
    recipients_commands.address_waiting(letter.recipient_id)
    assert state_of(letter) == "unreachable"
    connection.database()["contacts"].delete_one({"_id": other.recipient_id})
    jobs.send_due()
    assert state_of(other) == "unreachable"
    assert relay.visits == 0


def test_a_letter_that_saw_no_address_when_it_arrived_is_given_it_later(relay: Relay) -> None:
    Group(letters).take(records_of([sample(InvoiceIssued)]))
    (letter,) = Letter.objects
    assert state_of(letter) == "waiting_for_contact"
    assert recipients_commands.retry_unaddressed() == 0
    party = Party(party_id=letter.recipient_id, version=1, kind="enterprise", name="PT Contoh", email="pt@example.org")
    transactional(copies.keep)("notifications.addresses", party, Heard(CONTACTS.of("enrollment")))
    assert recipients_commands.retry_unaddressed() == 1
    assert state_of(letter) == "queued"


def test_letters_to_somebody_who_is_erased_are_left_unwritten_for_good(relay: Relay) -> None:
    person = ids.new()
    waiting, held = (
        factories.letter(ALPHA, recipient=person, known=False),
        factories.letter(ALPHA, recipient=person, hours_old=99),
    )
    factories.party(person)
    recipients_commands.address_waiting(person)
    other = factories.letter(ALPHA)
    assert [state_of(one) for one in (waiting, held, other)] == ["queued", "held", "queued"]
    (listening,) = [group for group in groups_of(SERVICE) if group.group == "notifications.suspensions"]
    Group(listening).take(records_of([PersonErased(person_id=person)]))
    assert [Letter.get(one.id).reason for one in (waiting, held, other)] == ["erased", "erased", None]
    jobs.send_due()
    assert [state_of(one) for one in (waiting, held, other)] == ["suppressed", "suppressed", "sent"]
    factories.party(person, version=9, email="masih@example.org")
    recipients_commands.address_waiting(person)
    jobs.send_due()
    assert relay.recipients == ["ratna@example.org"]


def test_a_letter_is_not_sent_to_an_address_whose_version_jumped_before_the_owner_confirmed_it(relay: Relay) -> None:
    """A forged record redirected every letter that waited: it is enough to write to the topic once."""
    letter = factories.letter(ALPHA)
    group, key = Group(addresses), letter.recipient_id
    group.take(party_records("enrollment", [_payer(key, 99, "somebody.else@example.org")]))
    jobs.send_due()
    assert (state_of(letter), relay.visits) == ("waiting_for_contact", 0)
    later = factories.letter(ALPHA, recipient=key, known=False)
    assert recipients_commands.retry_unaddressed() == 0
    (doubt,) = MongoInbox(addresses.group).claim_doubts(addresses.topics, clock.now(), 10)
    group.take(party_records("enrollment", [_payer(key, 4, "baru@example.org")], 20_000, answers=[doubt.request_id]))
    jobs.send_due()
    assert [state_of(letter), state_of(later)] == ["sent", "sent"]
    assert set(relay.recipients) == {"baru@example.org"}


def _payer(key: UUID, version: int, email: str) -> Party:
    return Party(party_id=key, version=version, kind="enterprise", name="CV Contoh", email=email)
