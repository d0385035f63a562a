"""Sweeps letters of commitment that nothing refers to."""

from services.enrollment.participation import commands
from services.enrollment.settings import enrollment_settings
from shared.process.jobs import Timer

SWEEP_LETTERS = Timer("sweep_letters", enrollment_settings().letter_sweep_seconds, commands.sweep_letters)
