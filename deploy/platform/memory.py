"""Measures the memory that the whole stack takes: the resident set of every process, the runner's own included.

Pages that processes share are counted once per process, so the sum is an upper bound of what the machine gives.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import psutil

MIB = 2**20


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes per process name, in the order of the start."""

    by_process: dict[str, int]

    @property
    def total_mib(self) -> float:
        return sum(self.by_process.values()) / MIB

    def table(self) -> str:
        width = max(map(len, self.by_process), default=0)
        return "\n".join(f"  {name:<{width}}  {size / MIB:7.1f} MiB" for name, size in self.by_process.items())

    def verdict(self, bound_mib: int) -> str:
        relation = "within" if self.total_mib <= bound_mib else "ABOVE"
        return f"memory of all processes: {self.total_mib:.0f} MiB, {relation} the bound of {bound_mib} MiB"


def of_tree(pid: int) -> int:
    """Return the resident bytes of a process and everything it started; 0 when it is gone."""
    try:
        root = psutil.Process(pid)
        processes = [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0
    return sum(map(_resident, processes))


def of_process(pid: int) -> int:
    try:
        return _resident(psutil.Process(pid))
    except psutil.NoSuchProcess:
        return 0


def _resident(process: psutil.Process) -> int:
    try:
        return process.memory_info().rss
    except psutil.NoSuchProcess:
        return 0


def measure(trees: Mapping[str, int], runner: int) -> Memory:
    """Measure the stack: `trees` is process name -> pid; the runner counts without its children, which are the trees."""
    sizes = {name: of_tree(pid) for name, pid in trees.items()}
    return Memory({**sizes, "runner": of_process(runner)})
