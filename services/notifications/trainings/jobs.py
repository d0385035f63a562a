"""Reminds of what comes near, and of questions that are still open."""

from services.notifications.settings import notification_settings
from services.notifications.trainings import commands
from shared.process.jobs import Timer

REMINDERS = Timer("reminders", notification_settings().reminders_seconds, commands.send_reminders)
