"""`make memory`: does anything grow? The whole platform at work for ten minutes, resident sets sampled all the while.

Institutions are registered over HTTP at a steady rate, each heard by every service. A line is fitted through the second
half of each process's samples; its slope is what the process grows by. Our processes may grow by less than 1 MiB a minute
each; the engines' are told apart, since they keep what they are given. Exit code 1 when one of ours grows by more.
"""

from __future__ import annotations

import re
import shutil
import statistics
import sys
import tempfile
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path

import click
import psutil

from bench.page import machine, sheet
from bench.running import BODY, chosen_plan, platform
from deploy.platform.client import Client
from deploy.platform.memory import MIB
from shared.kernel import clock

LARGEST_SLOPE = 1.0  # MiB a minute
EVERY = 5.0  # seconds between two samples
ENGINES = ("secantusd-py", "noida-db")
NAMES = (
    (re.compile(r"services\.(\w+) worker"), r"\1 worker"),
    (re.compile(r"serve\('(\w+)'\)"), r"\1 web"),
    (re.compile(r"(secantusd-py)"), r"\1"),
    (re.compile(r"(noida-db)"), r"\1"),
    (re.compile(r"deploy\.score\.(\w+)"), r"\1"),
)


@dataclass(slots=True)
class Samples:
    """Of one process: minutes since the start, and MiB."""

    name: str
    minutes: list[float] = field(default_factory=list)
    sizes: list[float] = field(default_factory=list)

    def slope(self, since: float) -> float | None:
        """MiB a minute since a moment; None for a process that was not there all the while."""
        kept = [(at, size) for at, size in zip(self.minutes, self.sizes, strict=True) if at >= since]
        if len(kept) < 3 or self.minutes[0] > since:  # noqa: PLR2004 - a line through two points fits always
            return None
        return statistics.linear_regression(*zip(*kept, strict=True)).slope

    @property
    def is_engine(self) -> bool:
        return self.name in ENGINES


@click.command()
@click.option("--minutes", default=10.0, show_default=True, help="How long; the second half is judged.")
@click.option("--per-second", default=5.0, show_default=True, help="Commands a second.")
@click.option("--page", type=click.Path(path_type=Path, dir_okay=False), help="Write the table into this page.")
def memory(minutes: float, per_second: float, page: Path | None) -> None:
    """Watch the memory of the whole platform at work."""
    data = Path(tempfile.mkdtemp(prefix="score-memory-"))
    try:
        plan = chosen_plan(data)
        with platform(plan, data / "platform.log") as (running, _):
            client = Client(plan)
            seen = _watch(psutil.Process(running.pid), client, minutes, 1 / per_second)
    finally:
        shutil.rmtree(data, ignore_errors=True)
    lines, grown = _told(seen, minutes)
    click.echo("\n".join(lines))
    if page:
        page.write_text(_page(lines, minutes, per_second), encoding="utf-8")
    sys.exit(1 if grown else 0)


def _watch(runner: psutil.Process, client: Client, minutes: float, pause: float) -> list[Samples]:
    token, found = client.token("programme"), dict[int, Samples]()
    began = time.monotonic()
    sample_at = 0.0
    while (passed := time.monotonic() - began) < minutes * 60:
        if passed >= sample_at:
            sample_at = passed + EVERY
            _sample(runner, found, passed / 60)
        client.post("enrollment", "/v1/institutions", token, BODY, key=str(uuid.uuid4()))
        time.sleep(pause)
    return list(found.values())


def _sample(runner: psutil.Process, found: dict[int, Samples], at: float) -> None:
    for process in [runner, *runner.children(recursive=True)]:
        try:
            line, size = " ".join(process.cmdline()), process.memory_info().rss / MIB
        except psutil.NoSuchProcess:
            continue
        samples = found.setdefault(process.pid, Samples(_name(line)))
        samples.minutes.append(at)
        samples.sizes.append(size)


def _name(line: str) -> str:
    for pattern, name in NAMES:
        if match := pattern.search(line):
            return match.expand(name)
    return "runner"


def _told(seen: list[Samples], minutes: float) -> tuple[list[str], list[str]]:
    """The lines of the table, and the names of our processes that grow."""
    grown = []
    lines = [f"{'process':<24} {'first':>7} {'last':>7}   MiB a minute, minutes {minutes / 2:g} to {minutes:g}"]
    for samples in sorted(seen, key=lambda samples: (samples.is_engine, samples.name)):
        slope = samples.slope(minutes / 2)
        if slope is None:
            continue
        too_much = not samples.is_engine and slope >= LARGEST_SLOPE
        grown += [samples.name] if too_much else []
        words = "  GROWS" if too_much else "  (engine)" if samples.is_engine else ""
        lines.append(f"{samples.name:<24} {samples.sizes[0]:7.1f} {samples.sizes[-1]:7.1f}   {slope:+.2f}{words}")
    return lines, grown


def _page(lines: list[str], minutes: float, per_second: float) -> str:
    intention = (
        f"Does anything grow? The whole platform for {minutes:g} minutes under up to {per_second:g} commands a second, each heard"
        " by every service: MiB of the resident sets at the start and at the end, and the slope of a line through the second"
        f" half. Ours may grow by less than {LARGEST_SLOPE:g} MiB a minute each; the engines keep what they are given."
    )
    table = "\n".join(["```", *lines, "```"])
    run = f"{clock.now():%Y-%m-%d %H:%M} UTC. {machine()}"
    return sheet("Memory", 'make memory ARGS="--page docs/memory.md"', intention, table, run)


if __name__ == "__main__":
    memory()
