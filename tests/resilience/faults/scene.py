"""A platform that runs, with everything that gives to it and looks at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.resilience.faults.checker.log import Log, Offsets
from tests.resilience.faults.checker.planted import Planted
from tests.resilience.faults.checker.store import Store
from tests.resilience.faults.checker.subscriptions import heard_by
from tests.resilience.faults.checker.watch import OffsetWatch
from tests.resilience.faults.ground import AT_WORK, Ground, Platform
from tests.resilience.faults.load import Clients


@dataclass(slots=True)
class Scene:
    ground: Ground
    platform: Platform
    clients: Clients
    store: Store
    log: Log
    planted: Planted
    watch: OffsetWatch

    @classmethod
    def begin(cls, ground: Ground, prefix: str, services: Sequence[str] = AT_WORK) -> Scene:
        """Start everything, with the workers of these services; whoever wants an invoice finds a price."""
        platform = Platform(ground, prefix)
        try:
            platform.start(services)
            clients = Clients(platform)
            clients.set_prices()
        except BaseException:
            platform.fleet.close()
            raise
        platform.fleet.end("finance web")
        addresses = ground.broker.addresses

        def running() -> list[str]:
            return [group for group in heard_by() if group.partition(".")[0] in platform.services]

        watch = OffsetWatch(lambda: Offsets(addresses, prefix), running)
        return cls(ground, platform, clients, Store(ground.store_url, prefix), Log(addresses, prefix), Planted(), watch)

    def end(self) -> None:
        """The processes end; the databases can still be read."""
        self.platform.fleet.close()
        self.watch.close()
