"""`python -m deploy.kafka`: the cluster as a person runs it. Ctrl-C and SIGTERM end it in order, a second one at once."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from deploy.kafka import jars
from deploy.kafka.cluster import HEAP_MIB, CannotStart, Cluster
from deploy.kafka.node import NotFormatted
from deploy.platform.declarations import declarations
from deploy.platform.lock import AlreadyRunning, DataLock
from deploy.runner.parent_watch import GRACE, ParentWatch, end_left_behind
from deploy.runner.supervisor import Restarts
from deploy.settings import RunnerSettings
from shared.kernel.settings.current import settings
from shared.kernel.settings.declaration import load

TICK = 0.5  # seconds between two looks at the brokers


class StopRequested(Exception):
    """Somebody asked the cluster to end."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Apache Kafka on loopback, without Docker."""


@main.command()
def fetch() -> None:
    """Bring the jars, once; needs Maven."""
    try:
        click.echo(f"the jars are in {jars.fetch()}")
    except (jars.ToolMissing, jars.NotFetched) as reason:
        raise click.ClickException(str(reason)) from reason


@main.command()
@click.option("--apply", "wants_applied", is_flag=True, help="Tell the cluster of SCORE_KAFKA, as its administrator.")
def grants(wants_applied: bool) -> None:
    """Print what each principal may do on the bus (docs/grants.md), or tell a cluster.

    \b
    Examples:
      python -m deploy.kafka grants
      SCORE_KAFKA_USER=admin SCORE_KAFKA_PASSWORD_FILE=... python -m deploy.kafka grants --apply
    """
    from deploy.kafka.grants import apply, grants_of

    declared = grants_of(declarations())
    if not wants_applied:
        for grant in declared:
            pattern = "prefixed" if grant.prefixed else "literal"
            click.echo(f"{grant.principal}  {grant.kind}  {grant.name}  {pattern}  {', '.join(grant.operations)}")
        return
    from kafka import KafkaAdminClient
    from kafka.errors import KafkaError

    from shared.messaging.kafka.cluster import way_in

    try:
        admin = KafkaAdminClient(**way_in(), client_id="score-grants")
        try:
            click.echo(f"{apply(admin, declared, settings().topic_prefix)} rules are in force")
        finally:
            admin.close()
    except (KafkaError, OSError) as reason:
        raise click.ClickException(f"the cluster was not told ({type(reason).__name__})") from reason


@main.command(
    epilog="Exit codes: 0 ended as asked, 1 could not start or a broker died (the reason is said), 2 wrong usage."
)
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), default=Path(".data/kafka/cluster"),
              show_default=True, help="Folder of the brokers' logs.")  # fmt: skip
@click.option("--port-base", type=click.IntRange(1024, 60000), default=19292, show_default=True,
              help="Brokers listen from here on, controllers from 10 above.")  # fmt: skip
@click.option("--brokers", type=click.IntRange(1, 9), default=3, show_default=True, help="How many.")
@click.option(
    "--heap", type=click.IntRange(128), default=HEAP_MIB, show_default=True, help="MiB of each broker's heap."
)
def up(data: Path, port_base: int, brokers: int, heap: int) -> None:
    """Run a cluster until Ctrl-C.

    \b
    Examples:
      python -m deploy.kafka up
      python -m deploy.kafka up --data /tmp/kafka --port-base 29292
    """
    lock = DataLock(data.resolve())
    try:
        lock.take(patience=2 * GRACE)
    except AlreadyRunning as reason:
        raise click.ClickException(str(reason)) from reason
    marks = data.resolve() / "processes"
    end_left_behind(marks)
    parent_watch = ParentWatch((lock.descriptor,), marks)
    try:
        sys.exit(_serve(Cluster(data, port_base=port_base, brokers=brokers, heap_mib=heap, parent_watch=parent_watch)))
    finally:
        parent_watch.close()
        lock.release()


def _serve(cluster: Cluster) -> int:
    signals: list[int] = []  # a handler runs in the middle of anything: setting an event there could lock up

    def request(number: int, frame: Any) -> None:
        del frame
        if signals:
            cluster.kill_all()
        signals.append(number)

    def look() -> None:
        if signals:
            raise StopRequested

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, request)
    began = time.monotonic()
    try:
        if not jars.are_here():
            click.echo(f"fetching the jars of Apache Kafka into {jars.LIBS}, once")
        cluster.start(look)
        click.echo(_ready(cluster, time.monotonic() - began))
        _tend(cluster, look)
    except StopRequested:
        pass
    except (CannotStart, NotFormatted, jars.ToolMissing, jars.NotFetched) as reason:
        click.echo(str(reason), err=True)
        return 1
    finally:
        cluster.stop()
        click.echo("the cluster has stopped")
    return 0


def _tend(cluster: Cluster, look: Callable[[], None]) -> None:
    """Start a broker that died again, as an operator's system would; one that keeps dying ends the cluster. `look` ends it."""
    settings = load(RunnerSettings)
    restarts = {number: Restarts(settings) for number in cluster.layout.numbers}
    while True:
        time.sleep(TICK)
        look()
        now = time.monotonic()
        for number, how in cluster.dead().items():
            restart = restarts[number]
            if restart.due is None:
                if not restart.died(now):
                    raise CannotStart(f"{how}, again and again: broker.log in {cluster.layout.folder(number)} says why")
                click.echo(f"{how}; it is started again")
            elif now >= restart.due:
                restart.due = None
                cluster.restart(number, wait=False)


def _score() -> Path:
    """Return the path of `score` as a person types it from this folder."""
    program = Path(sys.executable).with_name("score")
    return program.relative_to(Path.cwd()) if program.is_relative_to(Path.cwd()) else program


def _ready(cluster: Cluster, seconds: float) -> str:
    return f"""
Apache Kafka is ready after {seconds:.1f} s: {cluster.addresses}

Run the platform on it (Ctrl-C here stops the cluster, so stop the platform first):
  {_score()} up --kafka {cluster.addresses}
"""


if __name__ == "__main__":
    main(prog_name="python -m deploy.kafka")
