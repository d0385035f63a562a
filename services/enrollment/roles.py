"""Says who opens enrollment's pages, and the order in which their lists begin."""

from __future__ import annotations

from typing import Final

__all__ = ["NEWEST_FIRST", "PROGRAMME", "READERS", "RECORD_READERS", "STAFF"]

READERS: Final = ("programme", "provider", "trainer", "enterprise", "auditor")
RECORD_READERS: Final = ("programme", "auditor", "provider")
PROGRAMME: Final = ("programme",)
NEWEST_FIRST: Final = ("-created_at", "created_at")


STAFF = ("programme", "provider")
