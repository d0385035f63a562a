"""Says what keeps a deployment from being fit for production: everything at once, each setting with what to set.

What production needs of a setting stands in its declaration. A process asks before it does anything else, so that an
administrator mends the environment once, and not a variable per start; `score doctor --production` says the same list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

from shared.kernel.service import Service
from shared.kernel.settings.broker import BrokerSettings
from shared.kernel.settings.current import Settings
from shared.kernel.settings.declaration import Misconfigured, read
from shared.kernel.settings.process import ProcessSettings
from shared.kernel.settings.store import StoreSettings

BESIDE_SERVICES: Final = (ProcessSettings, StoreSettings, BrokerSettings)
"""What concerns migrations and operators' commands, which serve nobody."""


@dataclass(frozen=True, slots=True)
class Unfit:
    """A setting that production cannot have as it is."""

    variable: str
    needed: str

    def __str__(self) -> str:
        return f"{self.variable}: {self.needed}"


def settings_for(service: Service) -> tuple[type[Any], ...]:
    return Settings, *service.settings


def unfit(shapes: Sequence[type[Any]], service: str = "") -> list[Unfit]:
    """List what production cannot have of these settings, as a service sees them; bad values among them."""
    found: list[Unfit] = []
    for shape in shapes:
        reading = read(shape, service)
        found += [Unfit(variable, fault) for variable, fault in reading.faults.items()]
        for item in fields(shape):
            needs, variable = item.metadata["production"], reading.sources[item.name]
            if needs and variable not in reading.faults and not needs.fits(reading.values[item.name]):
                found.append(Unfit(variable, needs.needed))
    return found


def require(shapes: Sequence[type[Any]], service: str = "") -> None:
    """Raise `Misconfigured` with all that is missing, where the profile is production."""
    if read(ProcessSettings).values["profile"] != "production":
        return
    if found := unfit(shapes, service):
        raise Misconfigured("not fit for production:\n" + "\n".join(f"  {one}" for one in found))
