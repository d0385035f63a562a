"""Says who may read and set what, and the order in which lists begin."""

from __future__ import annotations

READERS = ("programme", "finance", "provider", "enterprise", "auditor")
OFFICE = ("programme", "finance", "provider", "auditor")
BOOKKEEPERS = ("programme", "finance", "provider")
PAYERS = ("enterprise",)
NEWEST_FIRST = ("-created_at", "created_at")
