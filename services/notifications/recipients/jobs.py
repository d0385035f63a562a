"""Looks again for the addresses of letters that wait."""

from services.notifications.recipients import commands
from services.notifications.settings import notification_settings
from shared.process.jobs import Timer

ADDRESS_FORGOTTEN = Timer("address_forgotten", notification_settings().forgotten_seconds, commands.retry_unaddressed)
