"""Sends by the clock what is due."""

from __future__ import annotations

from services.notifications.sending import handovers
from services.notifications.sending.dispatch import Dispatch
from services.notifications.settings import notification_settings
from shared.kernel.settings.current import settings
from shared.process.jobs import Timer

DISPATCH = Dispatch()


def send_due() -> None:
    """Send every letter whose time has come, as far as the worker's other timers can wait."""
    DISPATCH.round(settings().lease_seconds / 3)


SEND_LETTERS = Timer("send_letters", notification_settings().sending_seconds, send_due)
FORGET_TAKEN_BACK = Timer("forget_taken_back", settings().retention_seconds, handovers.forget_taken_back)
