"""The system on an empty store of finance."""

from __future__ import annotations

from typing import Any

import pytest

from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM
from tests.support.fixture_types import Enter


@pytest.fixture
def system(enter: Enter) -> Any:
    enter("finance")
    with acting_as(SYSTEM):
        yield SYSTEM
