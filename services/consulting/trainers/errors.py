"""Says who is refused as the trainer of a visit."""

from __future__ import annotations

from shared.contracts.event import type_of
from shared.contracts.events.certification import TrainerCertified
from shared.domain.errors import GateClosed
from shared.kernel.message import Message


def not_certified(module: str) -> GateClosed:
    words = Message(
        "This trainer holds no certificate for %(module)s that is valid on the day of the visit. Choose another day or another"
        " trainer.",
        {"module": module},
    )
    return GateClosed(type_of(TrainerCertified), words)
