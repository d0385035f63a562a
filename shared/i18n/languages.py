"""The languages that are spoken here; the first is the default."""

from __future__ import annotations

LANGUAGES = ("id", "en")
DEFAULT = "id"
