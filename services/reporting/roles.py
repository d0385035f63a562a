"""Says who may read targets and results, and who sets targets."""

from __future__ import annotations

PROGRAMME = ("programme",)
READERS = ("programme", "ministry", "partner", "donor", "auditor", "sponsor", "provider", "finance")
