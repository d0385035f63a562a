"""`make bench`: measure everything, print the table, write docs/benchmarks.md. `python -m bench relay` measures one part.

Exit code 0 when the run could be made, whatever it found; a missed floor is told, not hidden and not an error.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click
import psutil
import structlog

from bench import ground, running
from bench.figures import Finding
from bench.page import Part, history_page, kafka_page, page, store_page, table
from bench.parts import command, consumer, history, imports, letters, lists, relay
from shared.kernel.service import ROOT

PARTS = {
    "command": command.measure,
    "relay": relay.measure,
    "consumer": consumer.measure,
    "history": history.measure,
    "lists": lists.measure,
    "import": imports.measure,
    "letters": letters.measure,
    "platform": running.measure,
}
ON_ANY_BROKER = ("relay", "consumer", "history")
ON_ANY_STORE = tuple(name for name in PARTS if name != "platform")
PAGE = ROOT / "docs" / "benchmarks.md"
LISTEN_SECONDS = 2.0


@click.command()
@click.argument("parts", nargs=-1, type=click.Choice(list(PARTS)))
@click.option("--page", "target", type=click.Path(path_type=Path, dir_okay=False),
              help="Where the page goes: of a run of all parts, of history alone, of another broker or store.")  # fmt: skip
@click.option("--published", type=click.IntRange(min=2 * history.SHORT), default=history.LONG, show_default=True,
              help="Rows of the long history; a million take some minutes to make.")  # fmt: skip
@click.option("--kafka", metavar="ADDRESSES",
              help="Measure relay, consumer and history on this broker instead of the embedded one.")  # fmt: skip
@click.option("--mongo", metavar="URL",
              help="Measure on this store instead of the embedded one: all but the whole platform.")  # fmt: skip
def bench(parts: tuple[str, ...], target: Path | None, published: int, kafka: str | None, mongo: str | None) -> None:
    """What the guarantees cost, beside bare loops; about five minutes on two cores."""
    if kafka and mongo:
        raise click.UsageError("another broker and another store are measured in a run each")
    possible = ON_ANY_BROKER if kafka else ON_ANY_STORE if mongo else tuple(PARTS)
    if others := set(parts) - set(possible):
        raise click.UsageError(f"{', '.join(sorted(others))} cannot be measured there")
    for name in [name for name in os.environ if name.startswith("SCORE_")]:
        del os.environ[name]  # the figures are those of the defaults
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory(), wrapper_class=structlog.BoundLogger)
    os.environ |= {ground.OTHER_BROKER: kafka or "", ground.OTHER_STORE: mongo or ""}
    began = time.monotonic()
    measures = PARTS | {"history": lambda: history.measure(published)}
    done = [_measured(name, measures[name]) for name in parts or possible]
    seconds = time.monotonic() - began
    click.echo(table([finding for part in done for finding in part.findings]))
    click.echo(f"\n{seconds:.0f} s")
    if kafka and target:
        _write(target, kafka_page(done, seconds))
    elif mongo and target:
        _write(target, store_page(done, seconds, ground.described(mongo)))
    elif not (parts or kafka or mongo):
        _write(target or PAGE, page(done, seconds))
    elif parts == ("history",) and target:
        _write(target, history_page(done[0], seconds))


def _write(target: Path, text: str) -> None:
    target.write_text(text, encoding="utf-8")
    click.echo(f"written to {target}")


def _measured(name: str, measure: Callable[[], list[Finding]]) -> Part:
    before = _others()
    began = time.monotonic()
    click.echo(f"{name} ...", err=True)
    findings = measure()
    seconds = time.monotonic() - began
    return Part(name, findings, seconds, before, _others())


def _others() -> float:
    """Percent of the machine that others use, while nothing of ours runs."""
    return psutil.cpu_percent(interval=LISTEN_SECONDS)


if __name__ == "__main__":
    sys.exit(bench())
