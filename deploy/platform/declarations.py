"""The services of this tree, in the order in which a person reads them: the programme's cycle first, others after."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from shared.kernel.service import Service, declared

ORDER = ("enrollment", "consulting", "certification", "finance", "notifications", "reporting")


def services_folder() -> Path:
    """Return where `services` lies; the folder above it is where `python -m services.<name>` works."""
    spec = importlib.util.find_spec("services")
    places = list(spec.submodule_search_locations or ()) if spec else []
    if not places:
        raise FileNotFoundError("there is no folder `services` to run: start score in the checkout or install it")
    return Path(places[0])


class ExpectedTopics(NamedTuple):
    """The topics that should exist, by names without prefix: `events` are kept by time and size, `compacted` by key."""

    events: tuple[str, ...]
    compacted: tuple[str, ...]


def expected_topics(services: Sequence[Service]) -> ExpectedTopics:
    from shared.contracts.catalogue import compacted_topics  # 100 ms that starting the stack does not need
    from shared.contracts.control import CONTROL_TOPIC

    return ExpectedTopics(
        events=(*(service.event_topic for service in services), CONTROL_TOPIC),
        compacted=compacted_topics(service.name for service in services),
    )


def declarations() -> tuple[Service, ...]:
    services = declared(services_folder())
    rank = {name: number for number, name in enumerate(ORDER)}
    return tuple(sorted(services, key=lambda service: (rank.get(service.name, len(ORDER)), service.name)))
