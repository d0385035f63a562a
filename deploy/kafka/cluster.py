"""A cluster of Apache Kafka on loopback: started whole or not at all, stopped without leaving a process.

Ready means: the controllers have a leader that all follow, every broker is registered, and every partition has all its replicas
in sync. The parent watch ends the brokers when the process that holds the cluster is killed. What was acknowledged survives
the death of any one process; nothing survives a loss of the data folder.
"""

from __future__ import annotations

import base64
import os
import signal
import time
import uuid
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy.kafka import jars
from deploy.kafka.guard import Guard
from deploy.kafka.health import missing
from deploy.kafka.node import Layout, Node, command, format_storage, properties
from deploy.platform.ports import taken
from deploy.runner.console import Console
from deploy.runner.parent_watch import ParentWatch

HEAP_MIB = 256
SECONDS_TO_START = 180.0  # a cold start takes about ten on two idle cores; a build machine may be busy
SECONDS_TO_STOP = 30.0


class CannotStart(RuntimeError):
    """The cluster is not up, and nothing of it is left running; the message says why."""


class Cluster:
    """A cluster on loopback: `start()`, `stop()`; for tests also `kill(number)` and `restart(number)`. Numbers count from 1."""

    def __init__(
        self,
        data: Path,
        *,
        port_base: int = 19292,
        brokers: int = 3,
        heap_mib: int = HEAP_MIB,
        guard: Guard | None = None,
        console: Console | None = None,
        parent_watch: ParentWatch | None = None,
    ) -> None:
        self.layout = Layout(data.resolve(), port_base, brokers)
        self._heap_mib, self._guard = heap_mib, guard
        self._console = console or Console()
        self._parent_watch = parent_watch or ParentWatch()
        self._owned = ([] if parent_watch else [self._parent_watch]) + ([] if console else [self._console])
        self._nodes: dict[int, Node] = {}

    @property
    def addresses(self) -> str:
        """Return what clients are given: host:port,host:port,..."""
        return ",".join(self.layout.address(number) for number in self.layout.numbers)

    def start(self, look: Callable[[], None] = lambda: None) -> None:
        """Start the nodes; return when the cluster is ready, or raise. `look` is called between two looks at it and may raise."""
        try:
            self._start_nodes()
            self.wait(look=look)
        except BaseException:
            self.stop()
            raise

    def _start_nodes(self) -> None:
        java, libs = jars.java(), jars.fetch()
        taken_ports = taken(self.layout.ports)
        if taken_ports:
            raise CannotStart("\n".join(map(str, taken_ports)) + "\nEnd it, or choose other ports with --port-base.")
        for number in self.layout.numbers:
            folder = self.layout.folder(number)
            folder.mkdir(parents=True, exist_ok=True)
            file = folder / "server.properties"
            file.touch(mode=0o600)  # it holds a password where there is a guard
            file.write_text(properties(self.layout, number, self._guard), encoding="utf-8")
        format_storage(java, libs, self.layout, cluster_id(self.layout.data))
        for number in self.layout.numbers:
            folder = self.layout.folder(number)
            self._nodes[number] = Node(
                number,
                command(java, libs, folder, self._heap_mib, "kafka.Kafka", str(folder / "server.properties")),
                environment=os.environ,
                folder=folder,
                console=self._console,
                parent_watch=self._parent_watch,
            )
            self._nodes[number].start()

    def wait(self, seconds: float = SECONDS_TO_START, look: Callable[[], None] = lambda: None) -> None:
        """Wait until every broker is registered and in sync; a broker that has died ends the wait."""
        deadline = time.monotonic() + seconds
        login = self._guard.login() if self._guard else {}
        while (defect := missing(self.addresses, self.layout.brokers, login)) is not None:
            look()
            dead = self.dead()
            if dead:
                raise CannotStart(f"{'; '.join(dead.values())}: see broker.log in {self.layout.data}")
            if time.monotonic() > deadline:
                raise CannotStart(f"not ready within {seconds:.0f} s: {defect}")
            time.sleep(0.2)

    def dead(self) -> dict[int, str]:
        """Return the brokers that should run and do not: number -> how it ended."""
        return {number: f"{node.name} {node.exit_words}" for number, node in self._nodes.items() if not node.alive}

    def pid(self, number: int) -> int:
        pid = self._nodes[number].pid
        if pid is None:
            raise LookupError(f"broker {number} was not started")
        return pid

    def kill(self, number: int) -> None:
        """Kill a broker as the power or the kernel would: SIGKILL, no goodbye."""
        node = self._nodes[number]
        node.kill()
        node.bury()

    def restart(self, number: int, *, wait: bool = True) -> None:
        """Start a broker again on its storage, after ending it politely if it runs."""
        self._end([self._nodes[number]])
        self._nodes[number].start()
        if wait:
            self.wait()

    def kill_all(self) -> None:
        for node in self._nodes.values():
            node.kill()

    def stop(self) -> None:
        """End every broker; a second stop does nothing."""
        self._end(self._nodes.values())
        self._nodes.clear()
        for owned in self._owned:
            owned.close()
        self._owned = []

    def _end(self, nodes: Iterable[Node]) -> None:
        running = [node for node in nodes if node.alive]
        for node in running:
            if node.pid is not None:
                os.killpg(node.pid, signal.SIGCONT)  # a stopped one could not hear the request
            node.terminate()
        deadline = time.monotonic() + SECONDS_TO_STOP
        for node in running:
            if not node.finish(deadline):
                self._console.say(f"{node.name} did not end within {SECONDS_TO_STOP:.0f} s and was killed")
        for node in self._nodes.values():
            if not node.alive:
                node.bury()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def cluster_id(data: Path) -> str:
    """Return the cluster's id, made once and kept: a node's storage belongs to one cluster."""
    file = data / "cluster.id"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=").replace("-", "_")
        file.write_text(f"{fresh}\n", encoding="ascii")
    return file.read_text(encoding="ascii").strip()
