"""Says who may read, plan and report visits."""

from __future__ import annotations

READERS = ("programme", "provider", "trainer", "enterprise", "auditor")
STAFF = ("programme", "provider")
TRAINERS = ("trainer",)
AUTHORS = (*STAFF, *TRAINERS)
OWNERS = ("enterprise",)
CONFIRMERS = (*STAFF, *OWNERS)
