"""Reads what recipients chose."""

from __future__ import annotations

from uuid import UUID

from services.notifications.preferences.model import Preference
from shared.kernel.context import unscoped


def preference_of(recipient_id: UUID) -> Preference | None:
    with unscoped("whoever comes by a signed link is the one whose choice it is"):
        return Preference.find(recipient_id)
