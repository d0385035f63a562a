"""A mail relay, and the system on an empty store of notifications."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from services.notifications.settings import notification_settings
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM
from shared.kernel.settings.current import settings
from tests.support.fixture_types import Enter
from tests.support.mail_relay import Relay, started


@pytest.fixture
def relay(enter: Enter, configured: pytest.MonkeyPatch) -> Iterator[Relay]:
    relay = Relay()
    controller = started(relay)
    configured.setenv("SCORE_SMTP", f"127.0.0.1:{controller.port}")
    configured.setenv("SCORE_SMTP_TIMEOUT_SECONDS", "10")
    settings.cache_clear()
    notification_settings.cache_clear()
    enter("notifications")
    with acting_as(SYSTEM):
        yield relay
    controller.stop()
    notification_settings.cache_clear()
