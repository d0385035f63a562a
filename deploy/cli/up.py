"""`score up`: runs the whole platform on this machine."""

from __future__ import annotations

import sys
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import click

from deploy.platform.declarations import declarations, services_folder
from deploy.platform.plan import Plan
from deploy.runner.run import run


def address_of_store(_context: click.Context, _option: click.Parameter, given: str | None) -> str | None:
    """Return the address given, or what the file of a `file:` address says; refuse a password that everybody can list."""
    parts = urlsplit(given or "")
    if parts.scheme == "file":
        return Path(url2pathname(parts.path)).read_text(encoding="utf-8").strip()
    if parts.password:
        raise click.BadParameter(
            "a command line is seen by everybody on the machine: write it into a file, --mongo file:/path"
        )
    return given


@click.command(epilog="Exit codes: 0 ended as asked, 1 could not start or gave up (the reason is said), 2 wrong usage.")
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), envvar="SCORE_DATA", default=Path(".data"),
              show_default=True, help="Folder of engines, keys and mails.")  # fmt: skip
@click.option("--kafka", metavar="ADDRESSES", help="Use this Kafka instead of the embedded broker: host:port,...")
@click.option("--mongo", metavar="URL", callback=address_of_store,
              help="Use this MongoDB instead of the embedded store: mongodb://...; file:... if it has a password.")  # fmt: skip
@click.option("--no-sample", is_flag=True, help="Do not load the sample programme.")
@click.option("--ports-offset", type=click.IntRange(0, 30000), default=0, help="Added to every default port.")
def up(data: Path, kafka: str | None, mongo: str | None, no_sample: bool, ports_offset: int) -> None:
    """Run the whole platform on this machine.

    Starts the embedded engines, all services and their workers, in order, and keeps them alive until Ctrl-C.

    \b
    Examples:
      score up
      score up --data /tmp/second --ports-offset 2000
      score up --kafka kafka1.example.org:9092,kafka2.example.org:9092
    """
    folder = services_folder().parent
    plan = Plan(data.resolve(), declarations(), folder, offset=ports_offset, kafka=kafka, mongo=mongo)
    if no_sample:
        from dataclasses import replace

        plan = replace(plan, sample=None)
    sys.exit(run(plan))
