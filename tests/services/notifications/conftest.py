"""A mail relay, and the system on an empty store of notifications."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from services.notifications.sending import jobs
from services.notifications.settings import notification_settings
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM
from shared.kernel.settings.current import settings
from tests.support.fake_smtp import FakeSmtp
from tests.support.fixture_types import Enter
from tests.support.mail_relay import Relay, started

Choose = Callable[..., None]


@pytest.fixture
def choose(configured: pytest.MonkeyPatch) -> Iterator[Choose]:
    """Choose settings by their variables: `choose(SCORE_MAIL_PER_HOUR=2)`."""

    def chosen(**variables: object) -> None:
        for name, value in variables.items():
            configured.setenv(name, str(value))
        settings.cache_clear()
        notification_settings.cache_clear()

    yield chosen
    notification_settings.cache_clear()


@pytest.fixture
def relay(enter: Enter, choose: Choose) -> Iterator[Relay]:
    yield from _serving(Relay(), enter, choose)


@pytest.fixture
def fake(enter: Enter, choose: Choose) -> Iterator[FakeSmtp]:
    yield from _serving(FakeSmtp(), enter, choose)  # type: ignore[misc]


def _serving(relay: Relay, enter: Enter, choose: Choose) -> Iterator[Relay]:
    controller = started(relay)
    choose(SCORE_SMTP=f"127.0.0.1:{controller.port}", SCORE_SMTP_TIMEOUT_SECONDS=10, SCORE_MAIL_REST_SECONDS=0)
    enter("notifications")
    with acting_as(SYSTEM):
        yield relay
        if isinstance(relay, FakeSmtp):
            relay.ending = True
        for thread in jobs.DISPATCH._threads:
            thread.join(30)
    controller.stop()
