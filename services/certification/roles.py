"""Says who may read and keep certification's registers."""

from __future__ import annotations

READERS = ("programme", "provider", "trainer", "auditor")
STAFF = ("programme", "provider")
