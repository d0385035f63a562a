"""Looks by the clock for letters that came back."""

from services.notifications.bounces import commands
from services.notifications.settings import notification_settings
from shared.process.jobs import Timer

READ_BOUNCES = Timer("read_bounces", notification_settings().bounce_seconds, commands.read_bounces)
