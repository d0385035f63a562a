"""Programme staff on an empty store of consulting."""

from __future__ import annotations

from typing import Any

import pytest

from shared.kernel.context import acting_as
from tests.support.factories import STAFF
from tests.support.fixture_types import Enter


@pytest.fixture
def staff(enter: Enter) -> Any:
    enter("consulting")
    with acting_as(STAFF):
        yield STAFF
