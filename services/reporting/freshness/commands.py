"""Notes when everything that was sent had been counted."""

from __future__ import annotations

from services.reporting.freshness.queries import standing
from shared.kernel import clock
from shared.storage.transaction import transactional


@transactional
def note_caught_up() -> None:
    row = standing()
    row.caught_up_at = clock.now()
    row.save()
