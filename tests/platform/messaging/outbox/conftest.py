"""A relay over an outbox and a log in memory."""

from __future__ import annotations

import pytest

from tests.support.relay_ground import Ground


@pytest.fixture
def ground() -> Ground:
    return Ground()
