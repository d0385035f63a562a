"""Names the languages of the platform; the first is the default."""

from __future__ import annotations

LANGUAGES = ("id", "en")
DEFAULT = "id"
