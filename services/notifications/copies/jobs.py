"""Lets go by the clock of what letters said."""

from services.notifications.copies import commands
from services.notifications.settings import notification_settings
from shared.kernel.settings.current import settings
from shared.process.jobs import Timer

FORGET_COPIES = Timer("forget_copies", settings().retention_seconds, commands.forget_old_copies)
CLEAR_MAILBOX = Timer("clear_mailbox", notification_settings().forgotten_seconds, commands.clear_mailbox)
