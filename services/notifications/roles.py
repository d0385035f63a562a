"""Says who may read letters, and who decides about them."""

from __future__ import annotations

READERS = ("programme", "provider", "finance", "auditor")
PROGRAMME = ("programme",)
DECIDERS = ("programme", "provider")
