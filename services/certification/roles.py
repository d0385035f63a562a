"""Says who may read and keep certification's registers."""

from __future__ import annotations

PROGRAMME = ("programme",)
STAFF = ("programme", "provider")
READERS = (*STAFF, "trainer", "auditor")
RECORD_READERS = (*STAFF, "auditor")
RENEWERS = (*STAFF, "trainer")
