"""Says who may read letters, and who decides about them; and who has a calendar."""

from __future__ import annotations

READERS = ("programme", "provider", "finance", "auditor")
PROGRAMME = ("programme",)
DECIDERS = ("programme", "provider")
CALENDAR_HOLDERS = ("trainer", "provider")
