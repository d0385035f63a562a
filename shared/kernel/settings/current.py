"""The settings of this process, all components together: read once, every bad variable named at once."""

from __future__ import annotations

import os
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
def settings(service: str = "") -> Settings:
    """Return the settings of this process; with a service, as that service sees them."""
    loaded = load(Settings, service or os.environ.get("SCORE_SERVICE", ""))
    if loaded.kafka_security != "PLAINTEXT" and not (loaded.kafka_user and loaded.kafka_password):
        raise Misconfigured(
            f"SCORE_KAFKA_SECURITY={loaded.kafka_security} needs SCORE_KAFKA_USER and SCORE_KAFKA_PASSWORD"
        )
    return loaded
