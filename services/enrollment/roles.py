"""Says who may do what over HTTP and on pages, and the order in which lists begin."""

from __future__ import annotations

from typing import Final

from shared.access.permissions import ROLES

EVERYBODY: Final = tuple(sorted(ROLES))
PROGRAMME: Final = ("programme",)
OVERSEERS: Final = ("programme", "auditor")
STAFF: Final = ("programme", "provider")
CLASSROOM_STAFF: Final = (*STAFF, "trainer")
READERS: Final = (*STAFF, "trainer", "enterprise", "auditor")
RECORD_READERS: Final = (*STAFF, "auditor")
EVALUATION_READERS: Final = (*STAFF, "trainer", "auditor")
LETTER_READERS: Final = (*STAFF, "enterprise", "auditor")
TAX_NUMBER_READERS: Final = (*STAFF, "enterprise")
NEWEST_FIRST: Final = ("-created_at", "created_at")
