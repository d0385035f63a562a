"""`score up`: the checks before the start, the signals, and the stack between them."""

from __future__ import annotations

import signal
from typing import Any

import click

from deploy.platform.keys import NotLoopback, make_keys
from deploy.platform.lock import AlreadyRunning, DataLock
from deploy.platform.plan import Plan
from deploy.platform.ports import advice, collisions
from deploy.runner.console import Console
from deploy.runner.engines import EngineMissing, broker_program, store_program
from deploy.runner.parent_watch import GRACE, ParentWatch, end_left_behind
from deploy.runner.stack import Stack
from deploy.settings import RunnerSettings
from shared.kernel.settings.declaration import load

TIERS = 7  # a dead stack's parent watch needs at most its grace for each


class CannotStart(RuntimeError):
    """The stack was not started; the message says why."""


def check(plan: Plan) -> None:
    """Refuse everything that can be known to fail before a process is started."""
    if not plan.services:
        raise CannotStart(f"no service is declared in {plan.folder / 'services'}")
    if not plan.mongo:
        store_program()
    if not plan.kafka:
        broker_program()
    if unusable := collisions(plan):
        raise CannotStart("\n".join([*unusable, f"Not started: {advice(plan)}"]))


def run(plan: Plan) -> int:
    """Run a stack until SIGINT, SIGTERM or SIGHUP; return the exit code."""
    lock = DataLock(plan.data)
    try:
        lock.take(patience=GRACE * TIERS)
        if ended := end_left_behind(plan.marks):
            click.echo(f"score: ended {ended} processes that a killed runner had left on {plan.data}")
        check(plan)
        make_keys(plan.keys)
    except (AlreadyRunning, CannotStart, EngineMissing, NotLoopback) as reason:
        click.echo(str(reason), err=True)
        lock.release()
        return 1
    console, parent_watch = Console(logs=plan.logs), ParentWatch((lock.descriptor,), plan.marks)
    stack = Stack(plan, load(RunnerSettings), console, parent_watch)

    def stop(number: int, frame: Any) -> None:
        del number, frame
        stack.request_stop()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    try:
        return stack.run()
    finally:
        parent_watch.close()
        lock.release()
        console.close()
