"""What notifications says: which letters went out, which came back. Never an address, never a word of a letter."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from shared.contracts.erasure import AboutErasureDone
from shared.contracts.event import Event, Owner
from shared.contracts.wire.shape import Code

notifications: Final = Owner("notifications")


@notifications.event(key="letter_id")
class LetterSent(Event):
    """A letter was handed to the mail relay; `cause_id` is the event it tells about."""

    letter_id: UUID
    template: Code
    cause_id: UUID
    recipient_id: UUID


@notifications.event(key="letter_id")
class LetterBounced(Event):
    """A letter came back."""

    letter_id: UUID
    template: Code
    cause_id: UUID
    recipient_id: UUID
    permanent: bool
    reason: Code


@notifications.event(key="suppression_id")
class AddressSuppressed(Event):
    """No more letters go to the present address of a party."""

    suppression_id: UUID
    recipient_id: UUID
    reason: Code


@notifications.event(key="erasure_id")
class ErasureDone(AboutErasureDone):
    """Notifications erased its copy of a person, letters included."""
