"""Says who may read letters, who decides about them and who issues links."""

from __future__ import annotations

PROGRAMME = ("programme",)
READERS = ("programme", "provider", "finance", "auditor")
DECIDERS = ("programme", "provider")
