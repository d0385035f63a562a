"""The operations page of the toy service, and somebody of the programme in front of it."""

from __future__ import annotations

import pytest

from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM
from tests.support.applications import app_for
from tests.support.monitor import MONITOR
from tests.support.operated_toy import REACTION, SERVICE
from tests.support.visitor import Visitor


@pytest.fixture
def app(embedded, store):
    """The toy's application; every write but the access log's belongs to a transaction."""
    store(SERVICE)
    REACTION.does = "works"
    MONITOR.watch()
    with acting_as(SYSTEM):
        yield app_for(SERVICE)
    MONITOR.finish(allowed={"access_log"})


@pytest.fixture
def staff(app):
    return Visitor(app, "programme")
