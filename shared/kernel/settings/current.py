"""The settings of this process, all components together: read once, every bad variable named at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from shared.kernel.settings.access import AccessSettings
from shared.kernel.settings.broker import BrokerSettings
from shared.kernel.settings.consumers import ConsumerSettings
from shared.kernel.settings.declaration import Misconfigured, load
from shared.kernel.settings.outbox import OutboxSettings
from shared.kernel.settings.process import ProcessSettings
from shared.kernel.settings.store import StoreSettings
from shared.kernel.settings.wakeups import WakeupSettings
from shared.kernel.settings.web import WebSettings


@dataclass(frozen=True)
class Settings(
    WebSettings,
    AccessSettings,
    ConsumerSettings,
    WakeupSettings,
    OutboxSettings,
    BrokerSettings,
    StoreSettings,
    ProcessSettings,
):
    """All settings that a deployment may choose; of the bases the last one's come first."""


@cache
def settings() -> Settings:
    loaded = load(Settings)
    if loaded.production and (loaded.clock_offset or loaded.failpoint):
        raise Misconfigured("SCORE_CLOCK_OFFSET and SCORE_FAILPOINT are refused in production")
    return loaded
