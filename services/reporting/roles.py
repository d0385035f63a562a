"""Says who may read targets and results."""

from __future__ import annotations

READERS = ("programme", "ministry", "partner", "donor", "auditor", "sponsor", "provider", "finance")
