"""The keys that seal the private key of links, which would open every evaluation to whoever reads the store.

Production is given them (`SCORE_LINK_SEALING_KEYS`) and does not start without; one machine makes its own.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from services.notifications.settings import notification_settings
from shared.domain.sealing import SealingKeys, configured_keys

FILE: Final = "links.json"


@cache
def link_keys() -> SealingKeys:
    return configured_keys(notification_settings().link_sealing_keys, FILE)
