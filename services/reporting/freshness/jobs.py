"""Looks every few seconds whether everything that was sent has been counted."""

from __future__ import annotations

from services.reporting.freshness import commands, queries
from shared.process.jobs import Timer


def look_whether_caught_up() -> None:
    if queries.caught_up():
        commands.note_caught_up()


FRESHNESS = Timer("reporting.freshness", 5.0, look_whether_caught_up)
