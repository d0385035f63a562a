"""The engines that `ground.py` stands on: the embedded broker and a cluster of Apache Kafka, on free ports."""

from __future__ import annotations

import importlib.metadata
import os
import random
from pathlib import Path
from typing import Any

from deploy.kafka import jars
from deploy.kafka.cluster import Cluster
from deploy.kafka.node import CONTROLLERS_ABOVE
from deploy.platform.ports import is_free
from deploy.runner.console import Console
from deploy.runner.engines import Broker
from deploy.runner.parent_watch import ParentWatch
from tests.resilience.kafka.ground import until


def free_base(width: int) -> int:
    """`width` free ports from here on and above the controllers' step, below the range of the clients' own ports."""
    while True:
        base = random.randrange(11000, 19000)
        wanted = [base + step + number for step in (0, CONTROLLERS_ABOVE) for number in range(width)]
        if all(is_free(port) for port in wanted):
            return base


class Embedded:
    name, replication, goes_on = "embedded", 1, False

    def __init__(self, folder: Path) -> None:
        self.version = f"noida-db {importlib.metadata.version('noida-db')}"
        self._log = (folder / "broker.log").open("w", encoding="utf-8")
        self._console, self._parent_watch = Console(self._log), ParentWatch()
        around: dict[str, Any] = {
            "environment": dict(os.environ), "folder": folder, "console": self._console, "parent_watch": self._parent_watch,
        }  # fmt: skip
        self._broker = Broker(free_base(1), folder, tier=0, **around)
        self.addresses = self._broker.address
        self.restart(1)

    def kill(self, number: int) -> None:
        del number
        self._broker.kill()
        self._broker.bury()

    def restart(self, number: int) -> None:
        del number
        self._broker.start()
        until(lambda: self._broker.answers() is None, "the embedded broker answers")

    def stop(self) -> None:
        self.kill(1)
        self._parent_watch.close()
        self._console.close()
        self._log.close()


class Apache:
    name, replication, goes_on = "apache", 3, True

    def __init__(self, folder: Path) -> None:
        jar = next(jars.fetch().glob("kafka_*.jar"))
        self.version = f"Apache Kafka {jar.stem.rpartition('-')[2]}, three brokers"
        self._log = (folder / "cluster.log").open("w", encoding="utf-8")
        self._console = Console(self._log)
        self.cluster = Cluster(folder, port_base=free_base(3), console=self._console)
        self.addresses = self.cluster.addresses
        self.cluster.start()

    def kill(self, number: int) -> None:
        self.cluster.kill(number)

    def restart(self, number: int) -> None:
        self.cluster.restart(number)

    def stop(self) -> None:
        self.cluster.stop()
        self._console.close()
        self._log.close()
