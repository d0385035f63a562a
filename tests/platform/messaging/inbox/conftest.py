"""A consumer group on an inbox in memory."""

from __future__ import annotations

import pytest

from tests.support.memory_group import Group


@pytest.fixture
def group() -> Group:
    return Group()
