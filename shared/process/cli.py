"""Starts a service's code for one of four things: `python -m services.<name> web | worker | check | migrate`."""

from __future__ import annotations

import os
import sys

import click
from pymongo.errors import PyMongoError

from shared.kernel.service import Service
from shared.kernel.settings import production
from shared.kernel.settings.declaration import Misconfigured


def main(service: Service) -> None:
    @click.group(
        help=f"The {service.name} service of the SCORE platform.",
        epilog="Exit codes: 0 done, 1 failed, 2 wrong usage, 78 wrong configuration.",
    )
    def commands() -> None:
        pass

    @commands.command(help="Serve HTTP requests and pages with gunicorn.")
    def web() -> None:
        production.require(production.settings_for(service), service.name)
        command = [sys.executable, "-m", "gunicorn", "-c", "python:shared.process.gunicorn_config"]
        os.execv(sys.executable, [*command, f"shared.process.server:serve('{service.name}')"])  # noqa: S606

    @commands.command(help="Run relay, handlers and timers.")
    def worker() -> None:
        production.require(production.settings_for(service), service.name)
        from shared.process.worker import run  # heavy: only this verb needs the broker's client

        sys.exit(run(service))

    @commands.command(
        help="Make collections and indexes, apply migrations. One process at a time, before anything else."
    )
    def migrate() -> None:
        production.require(production.BESIDE_SERVICES, service.name)
        from shared.process.collections import collections_of
        from shared.storage import connection, migrations

        connection.connect(service.name)
        applied = migrations.migrate(service, collections_of(service))
        click.echo(f"{service.name}: collections and indexes are there, {len(applied)} migrations applied")

    @commands.command(help="Say what the store lacks for this code to run.")
    def check() -> None:
        production.require(production.BESIDE_SERVICES, service.name)
        from shared.process.collections import collections_of
        from shared.storage import connection, migrations

        connection.connect(service.name)
        problems = migrations.problems(service, collections_of(service))
        for problem in problems:
            click.echo(f"{service.name} lacks {problem}")
        sys.exit(1 if problems else 0)

    os.environ["SCORE_SERVICE"] = service.name  # whose settings these are
    try:
        commands()
    except Misconfigured as problem:
        click.echo(str(problem), err=True)
        sys.exit(78)
    except PyMongoError as problem:
        click.echo(f"{service.name}: the store does not answer ({type(problem).__name__})", err=True)
        sys.exit(1)
