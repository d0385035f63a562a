"""`score doctor`: looks at everything that is known to go wrong and says it in words, with what to do."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from deploy.doctor import machine, production, running_platform
from deploy.doctor.finding import Finding, note
from deploy.platform import locate
from deploy.platform.declarations import declarations
from deploy.platform.locate import plan_of
from deploy.platform.plan import Plan
from deploy.platform.run_file import read_run


def examine(plan: Plan) -> Iterator[Finding]:
    state = read_run(plan.data).get("state")
    yield from machine.examine(plan)
    if locate.running(plan.data) is None:
        return
    if state == "starting":
        yield note("platform", "is starting", "wait until it says that everything is ready")
    yield from running_platform.examine(plan)


@click.command(epilog="Exit codes: 0 all well, 1 something is wrong, 2 wrong usage.")
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), envvar="SCORE_DATA", default=Path(".data"),
              show_default=True, help="Folder of the stack to look at.")  # fmt: skip
@click.option("--ports-offset", type=click.IntRange(0, 30000), help="Default: that of the running stack.")
@click.option("--production", "for_production", is_flag=True,
              help="Look at the settings alone: what keeps these services from starting in production?")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print a list of {state, subject, words, advice}.")
def doctor(data: Path, ports_offset: int | None, for_production: bool, as_json: bool) -> None:
    """Say in words what is wrong and what to do.

    \b
    Examples:
      score doctor
      score doctor --production
      score doctor --json | jq '.[] | select(.state == "wrong")'
    """
    wrong = 0
    findings = []
    looks = production.examine(declarations()) if for_production else examine(plan_of(data.resolve(), ports_offset))
    for finding in looks:
        wrong += finding.state == "wrong"
        findings.append(asdict(finding))
        if not as_json:
            click.echo(str(finding))
    if as_json:
        click.echo(json.dumps(findings, indent=2, ensure_ascii=False))
    else:
        click.echo(f"\n{wrong} of {len(findings)} are wrong" if wrong else "\nall well")
    sys.exit(1 if wrong else 0)
