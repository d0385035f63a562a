"""`score up`: the checks before the start, the signals, and the stack between them."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import Any

import click

from deploy.score.console import Console
from deploy.score.declarations import declarations, services_folder
from deploy.score.engines import EngineMissing, broker_program, store_program
from deploy.score.guardian import GRACE, Guardian
from deploy.score.keys import NotLoopback, make_keys
from deploy.score.lock import AlreadyRunning, DataLock
from deploy.score.plan import Plan
from deploy.score.ports import taken
from deploy.score.settings import RunnerSettings
from deploy.score.stack import Stack
from shared.runtime.settings import load

TIERS = 7  # a dead stack's guardian needs at most its grace for each


class CannotStart(RuntimeError):
    """The stack was not started; the message says why."""


def check(plan: Plan) -> None:
    """Everything that can be known to fail before a process is started."""
    if not plan.services:
        raise CannotStart(f"no service is declared in {plan.folder / 'services'}")
    if not plan.mongo:
        store_program()
    if not plan.kafka:
        broker_program()
    held = taken(plan.ports)
    if held:
        words = "\n".join(str(holder) for holder in held)
        raise CannotStart(f"{words}\nEnd it, or choose other ports with --ports-offset 1000.")


def run(plan: Plan) -> int:
    """Run a stack until SIGINT, SIGTERM or SIGHUP; the exit code."""
    lock = DataLock(plan.data)
    try:
        lock.take(patience=GRACE * TIERS)
        check(plan)
        make_keys(plan.keys)
    except (AlreadyRunning, CannotStart, EngineMissing, NotLoopback) as reason:
        click.echo(str(reason), err=True)
        lock.release()
        return 1
    console, guardian = Console(), Guardian(held=(lock.descriptor,))
    stack = Stack(plan, load(RunnerSettings), console, guardian)

    def stop(number: int, frame: Any) -> None:
        del number, frame
        stack.request_stop()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    try:
        return stack.run()
    finally:
        guardian.close()
        lock.release()
        console.close()


@click.command(epilog="Exit codes: 0 ended as asked, 1 could not start or gave up (the reason is said), 2 wrong usage.")
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), envvar="SCORE_DATA", default=Path(".data"),
              show_default=True, help="Folder of engines, keys and mails.")  # fmt: skip
@click.option("--kafka", metavar="ADDRESSES", help="Use this Kafka instead of the embedded broker: host:port,...")
@click.option("--mongo", metavar="URL", help="Use this MongoDB instead of the embedded store: mongodb://...")
@click.option("--no-sample", is_flag=True, help="Do not load the sample programme.")
@click.option("--ports-offset", type=click.IntRange(0, 30000), default=0, help="Added to every default port.")
def up(data: Path, kafka: str | None, mongo: str | None, no_sample: bool, ports_offset: int) -> None:
    """Run the whole platform on this machine.

    Starts the embedded engines, all services and their workers, in order, and keeps them alive until Ctrl-C.

    \b
    Examples:
      score up
      score up --data /tmp/second --ports-offset 1000
      score up --kafka kafka1.example.org:9092,kafka2.example.org:9092
    """
    folder = services_folder().parent
    plan = Plan(data.resolve(), declarations(), folder, offset=ports_offset, kafka=kafka, mongo=mongo)
    if no_sample:
        from dataclasses import replace

        plan = replace(plan, sample=None)
    sys.exit(run(plan))
