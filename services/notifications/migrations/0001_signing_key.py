"""The key that signs links."""

from __future__ import annotations

from typing import Any

from services.notifications.links import commands
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM


def apply(_database: Any) -> None:
    with acting_as(SYSTEM):
        commands.make_signing_key()
