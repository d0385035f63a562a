"""Gives letters that wait the addresses that have arrived, and forgets who was erased."""

from __future__ import annotations

from uuid import UUID

from services.notifications.calendars.commands import forget_calendar
from services.notifications.copies.commands import forget_copies
from services.notifications.letters import commands as letters
from services.notifications.letters.model import Letter
from services.notifications.preferences.commands import forget_choice
from services.notifications.preferences.queries import as_chosen
from services.notifications.sending.handovers import take_back_from
from services.notifications.settings import notification_settings
from services.notifications.suppressions.commands import forget_addresses, note_address
from shared.kernel import clock
from shared.messaging import parties
from shared.storage.transaction import transactional


@transactional
def address_waiting(party_id: UUID) -> None:
    """Address the waiting letters of a party whose newest address arrived: they can go out."""
    contact = as_chosen(parties.find(party_id), party_id)
    if contact is not None:
        note_address(party_id, contact.get("email"))
    for letter in Letter.objects(recipient_id=party_id):
        before = letter.state, letter.language
        letter.address(contact, now=clock.now(), fresh_for=notification_settings().fresh_for)
        if (letter.state, letter.language) != before:
            letter.save()


def retry_unaddressed() -> int:
    """Give waiting letters the addresses that are known by now; returns how many got one.

    A letter that is written in the moment in which its recipient's address arrives sees no address, nor is it seen.
    """
    waiting = Letter.objects(state="waiting_for_contact").distinct("recipient_id")
    reachable = parties.find_addressees(waiting).known
    for recipient in reachable:
        address_waiting(recipient)
    return len(reachable)


@transactional
def forget_recipient(party_id: UUID) -> None:
    """Let go of everything that is kept of somebody who was erased, letters on their way included."""
    take_back_from(party_id)
    forget_copies(party_id)
    letters.forget_recipient(party_id)
    forget_addresses(party_id)
    forget_choice(party_id)
    forget_calendar(party_id)
