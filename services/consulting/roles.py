"""Says who may read, plan and report visits, and who reads what was found at them."""

from __future__ import annotations

READERS = ("programme", "provider", "trainer", "enterprise", "auditor")
STAFF = ("programme", "provider")
TRAINERS = ("trainer",)
AUTHORS = (*STAFF, *TRAINERS)
OWNERS = ("enterprise",)
PLANNERS = (*AUTHORS, *OWNERS)
CONFIRMERS = (*STAFF, *OWNERS)
VIEWERS = ("ministry", "partner", "sponsor")
"""Whose institutions an enterprise may release its readings to."""
READING_READERS = (*READERS, *VIEWERS)
CATALOGUE_READERS = (*READING_READERS, "donor")
OF_MANY = ("programme", "ministry", "partner", "donor", "sponsor", "auditor", "provider")
"""Who is told how the readings of many enterprises changed."""
RELEASERS = ("enterprise", "programme")
