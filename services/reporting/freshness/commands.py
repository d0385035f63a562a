"""Notes when everything that was sent had been counted."""

from __future__ import annotations

from services.reporting.freshness.model import Standing
from shared.kernel import clock
from shared.storage.transaction import transactional


@transactional
def note_caught_up() -> None:
    standing = Standing.of_group()
    standing.caught_up_at = clock.now()
    standing.save()
