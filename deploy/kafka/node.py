"""One node of the cluster, broker and controller in one process, and its settings each with its reason.

A node is formatted once for its cluster; formatting it again for another one is refused by the broker's own tool. It
promises nothing about the others: `cluster.py` waits for them.
"""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.kafka.guard import Guard
from deploy.kafka.jars import HERE
from deploy.runner.child import Child

CONTROLLERS_ABOVE = 10  # a node's controller listens this far above its broker


class NotFormatted(RuntimeError):
    """The storage of a node could not be prepared; the message holds the tool's last words."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The places of the nodes: number `n` (from 1) listens on `port_base + n - 1`, its controller 10 above."""

    data: Path
    port_base: int
    brokers: int

    @property
    def numbers(self) -> range:
        return range(1, self.brokers + 1)

    def folder(self, number: int) -> Path:
        return self.data / f"broker-{number}"

    def address(self, number: int) -> str:
        return f"127.0.0.1:{self.port_base + number - 1}"

    def controller(self, number: int) -> str:
        return f"127.0.0.1:{self.port_base + CONTROLLERS_ABOVE + number - 1}"

    @property
    def ports(self) -> dict[str, int]:
        brokers = {f"broker {number}": self.port_base + number - 1 for number in self.numbers}
        return brokers | {
            f"controller {number}": brokers[f"broker {number}"] + CONTROLLERS_ABOVE for number in self.numbers
        }


def properties(layout: Layout, number: int, guard: Guard | None = None) -> str:
    """Write server.properties of one node; without a guard everybody on the machine is let in."""
    copies = min(3, layout.brokers)
    enough = max(1, copies - 1)
    voters = ",".join(f"{peer}@{layout.controller(peer)}" for peer in layout.numbers)
    return f"""\
process.roles=broker,controller
node.id={number}
controller.quorum.voters={voters}
listeners={"SASL_SSL" if guard else "PLAINTEXT"}://{layout.address(number)},CONTROLLER://{layout.controller(number)}
controller.listener.names=CONTROLLER
log.dirs={layout.folder(number) / "log"}

# What makes it a real cluster: an acknowledged record (acks=all) is on two brokers, and the third may be dead.
default.replication.factor={copies}
min.insync.replicas={enough}
offsets.topic.replication.factor={copies}
transaction.state.log.replication.factor={copies}
transaction.state.log.min.isr={enough}
share.coordinator.state.topic.replication.factor={copies}
share.coordinator.state.topic.min.isr={enough}
unclean.leader.election.enable=false
# Topics are made by migrate, never by use.
auto.create.topics.enable=false

# A dead broker is noticed after 6 s (9 by default); a loaded machine must not lose a living one.
broker.session.timeout.ms=6000
broker.heartbeat.interval.ms=1000
# A stop of the whole cluster has nobody to hand leadership to: handing over would wait five minutes for a quorum that is gone.
controlled.shutdown.enable=false
# The first member of a group need not wait for others: 3 s by default.
group.initial.rebalance.delay.ms=100

# Few partitions and threads: three brokers share a small machine.
offsets.topic.num.partitions=3
transaction.state.log.num.partitions=3
share.coordinator.state.topic.num.partitions=3
num.network.threads=2
num.io.threads=4
background.threads=2
num.recovery.threads.per.data.dir=1
log.cleaner.dedupe.buffer.size=8388608
log.cleaner.backoff.ms=1000
log.retention.check.interval.ms=10000
{guard.properties() if guard else ""}"""


def command(java: str, libs: Path, folder: Path, heap_mib: int, *arguments: str) -> list[str]:
    """Return a command of the broker's jars. One collector thread and the quick compiler: three of them share two cores."""
    return [
        java, f"-Xmx{heap_mib}m", f"-Xms{heap_mib // 2}m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
        "-XX:+ExitOnOutOfMemoryError", "-Xshare:auto", "-Djava.awt.headless=true",
        f"-Dscore.folder={folder}", f"-Dlog4j2.configurationFile={HERE / 'log4j2.properties'}",
        "-cp", f"{libs}/*", *arguments,
    ]  # fmt: skip


def format_storage(java: str, libs: Path, layout: Layout, cluster_id: str) -> None:
    """Prepare the nodes that have no storage yet, all at once."""
    bare = [number for number in layout.numbers if not (layout.folder(number) / "log" / "meta.properties").exists()]
    tools = []
    for number in bare:
        folder = layout.folder(number)
        format_one = ["kafka.tools.StorageTool", "format", "-t", cluster_id, "-c", str(folder / "server.properties")]
        tools.append(
            subprocess.Popen(
                command(java, libs, folder, 128, *format_one),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        )
    results = [(tool.communicate()[0], tool.returncode) for tool in tools]
    for output, code in results:
        if code != 0:
            raise NotFormatted(
                "the storage of a broker could not be prepared:\n" + "\n".join(output.splitlines()[-10:])
            )


class Node(Child):
    """A broker process. Answering is more than living: see `cluster.missing`."""

    def __init__(self, number: int, command: Sequence[str], **of_child: Any) -> None:
        super().__init__(f"kafka {number}", command, tier=0, **of_child)
        self.number = number
