"""Shared by every operator's command: its options, the platform that they mean, and the words for a failure.

The platform is the one that runs on the data folder. Where none runs, the addresses are those of the environment, so that
the same commands work beside a production deployment; `--ports-offset` means the embedded engines at those ports. Log
lines of the code that is called go to the error output, so that what a command prints can be read by programs.
"""

from __future__ import annotations

import functools
import getpass
import logging
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn
from uuid import UUID

import click
from pymongo.errors import PyMongoError

from deploy.platform import locate
from deploy.platform.declarations import declarations, services_folder
from deploy.platform.locate import plan_of
from deploy.platform.plan import Plan
from shared.kernel import clock
from shared.kernel.principal import Principal
from shared.kernel.service import Service
from shared.kernel.settings import production
from shared.kernel.settings.current import settings
from shared.kernel.settings.declaration import Misconfigured
from shared.observability import logs
from shared.storage import connection, migrations

EXIT_CODES = "Exit codes: 0 done, 1 it did not work (the reason is printed), 2 wrong usage."


def _offer_data(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--ports-offset", type=click.IntRange(0, 30000), help="Default: that of the running stack."),
        click.option("--data", type=click.Path(path_type=Path, file_okay=False), envvar="SCORE_DATA",
                     default=Path(".data"), show_default=True, help="Folder of the stack to look at."),
    ):  # fmt: skip
        command = option(command)
    return command


def on_a_platform(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--data` and `--ports-offset`; the command is called with the `plan` they mean."""

    @functools.wraps(command)
    def run(data: Path, ports_offset: int | None, **arguments: Any) -> Any:
        with told_failures():
            return command(plan=reached(data.resolve(), ports_offset), **arguments)

    return _offer_data(run)


def reached(data: Path, offset: int | None) -> Plan:
    """Return the plan of the platform meant, with this process in its environment."""
    runs = locate.running(data) is not None
    if runs or offset is not None:
        plan = plan_of(data, offset)
    else:
        plan = Plan(data, declarations(), services_folder().parent,
                    mongo=os.environ.get("SCORE_MONGO_URL"), kafka=os.environ.get("SCORE_KAFKA"))  # fmt: skip
    addresses = {"SCORE_MONGO_URL": plan.mongo_url, "SCORE_KAFKA": plan.kafka_addresses}
    os.environ.update(plan.environment() if runs else addresses)
    os.environ.setdefault("SCORE_LOG_LEVEL", "WARNING")
    settings.cache_clear()
    production.require(production.BESIDE_SERVICES)
    logs.configure("score", "operator")
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(sys.stderr)
    return plan


@contextmanager
def told_failures() -> Iterator[None]:
    """Turn what may be wrong outside this program into words and exit code 1."""
    try:
        yield
    except PyMongoError as failure:
        what_it_did = "does not answer" if connection.is_away(failure) else "refused"
        give_up(f"the store {what_it_did} ({type(failure).__name__}); score doctor says more")
    except (Misconfigured, migrations.NotMigrated) as failure:
        give_up(str(failure))


def give_up(words: str) -> NoReturn:
    click.echo(words, err=True)
    sys.exit(1)


class ServiceName(click.ParamType[str]):
    name = "service"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        names = [service.name for service in declarations()]
        if value not in names:
            self.fail(f"{value!r} is no service; there are {', '.join(names)}", param, ctx)
        return value


class Moment(click.ParamType[datetime]):
    """An RFC 3339 time, or how long ago."""

    name = "time"

    def convert(self, value: str | datetime, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        from deploy.cli.token import Duration  # takes the libraries that sign tokens with it

        if isinstance(value, datetime):
            return value
        if re.fullmatch(r"\d+[a-z]", value):
            return clock.now() - Duration().convert(value, param, ctx)
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no time such as 2026-03-01T08:00:00Z and no duration such as 2h", param, ctx)
        if moment.tzinfo is None:
            self.fail(f"{value!r} says no zone: add Z or an offset such as +07:00", param, ctx)
        if moment > clock.now():
            self.fail(f"{value!r} lies in the future", param, ctx)
        return moment.astimezone(UTC)


def each_store(plan: Plan, wanted: str | None = None) -> Iterator[Service]:
    """Yield the services asked for, one after the other, with this process connected to the store of each."""
    for service in plan.services:
        if wanted in (None, service.name):
            connection.connect(service.name)
            yield service


def store_of(plan: Plan, name: str) -> Service:
    """Return a service with this process connected to its store; give up when the store is not as its code needs it."""
    from shared.process.collections import collections_of  # takes the broker's client with it

    service = next(each_store(plan, name))
    migrations.require(service, collections_of(service))
    return service


ISSUER = "score-cli"
ROLE = "operator"
KIND = "operations"


def login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return f"user {os.getuid()}"


def note(action: str, key: UUID | None) -> None:
    """Write down who does what, before anything is done, so that nothing is done without it."""
    from shared.access import access_log  # takes the web framework with it, which --help should not pay

    access_log.note(Principal(subject=login(), role=ROLE, issuer=ISSUER), action, KIND, key, "allowed")
