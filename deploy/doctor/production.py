"""Looks at the settings alone, as production would, and starts nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from deploy.doctor.finding import Finding, well, wrong
from shared.kernel.service import Service
from shared.kernel.settings.production import Unfit, settings_for, unfit


def examine(services: Sequence[Service]) -> Iterator[Finding]:
    """Yield what keeps these services from starting in production, each setting once with whom it concerns."""
    concerned: dict[Unfit, list[str]] = defaultdict(list)
    for service in services:
        for one in unfit(settings_for(service), service.name):
            concerned[one].append(service.name)
    for one, names in concerned.items():
        whom = "every service" if len(names) == len(services) else ", ".join(names)
        yield wrong(one.variable, f"not fit for production ({whom})", one.needed)
    if not concerned:
        yield well("settings", f"fit for production, for {len(services)} services")
