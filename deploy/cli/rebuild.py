"""`score rebuild`: write a projection's rows again, beside those that are read, and swap them in when they have caught up.

From here only the wish is written. The service's worker builds, swaps and clears away, and goes on where it was after a
restart; the old rows are served until then.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NoReturn

import click
from pymongo.errors import PyMongoError

from deploy.cli.output import as_json, table
from deploy.cli.target import each_store, give_up, on_a_platform, store_of
from deploy.platform.declarations import declarations
from deploy.platform.plan import Plan
from shared.access.suspensions import groups_of
from shared.storage import connection

if TYPE_CHECKING:
    from shared.messaging.projections.catch_up import Progress
    from shared.messaging.subscriptions import ConsumerGroup

LOOK_SECONDS = 0.5
SAID_SECONDS = 5.0
AWAY_SECONDS = 60.0  # a store that does not answer for longer ends the wait
COMPARED_SHARE = 4  # a look reads every cursor, so looking may take one part in so many of the time


class ProjectionName(click.ParamType[str]):
    """The group of a projection, such as reporting.results."""

    name = "group"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        names = [group.group for service in declarations() for group in projections_of(service)]
        if value not in names:
            self.fail(f"{value!r} is no projection; there are {', '.join(names) or 'none'}", param, ctx)
        return value


def projections_of(service: Any) -> list[ConsumerGroup]:
    return [group for group in groups_of(service) if group.projection]


@click.command(
    epilog="Exit codes: 0 done (without --wait: begun; with --status: nothing is being rebuilt), 1 not done (the reason is"
    " printed), 2 wrong usage."
)
@click.argument("group", metavar="[SERVICE.GROUP]", type=ProjectionName(), required=False)
@click.option("--status", is_flag=True, help="Only look; the default without a group.")
@click.option(
    "--wait", is_flag=True, help="Wait until the new rows are read; with --status, for the rebuild under way."
)
@click.option("--restart", is_flag=True, help="Give up the rebuild under way and begin another.")
@click.option("--json", "wants_json", is_flag=True, help="Print a list of {group, generation, building, ...}.")
@on_a_platform
def rebuild(plan: Plan, *, group: str | None, status: bool, wait: bool, restart: bool, wants_json: bool) -> None:
    """Write the rows of a projection again from the events, beside the rows that are read, and swap them in.

    What the broker's retention has dropped comes from the owners' outboxes. The old rows are served until the new ones
    have caught up with every key.

    \b
    Examples:
      score rebuild                             what can be rebuilt, and how each stands
      score rebuild reporting.results --wait
      score rebuild reporting.results --status --json | jq '.[].reached'
      score rebuild reporting.results --restart
    """
    looks = status or group is None
    if restart and looks:
        raise click.UsageError("--restart begins a rebuild: name a group, without --status")
    if wait and group is None:
        raise click.UsageError("--wait needs a group")
    if group and not looks:
        _begin(plan, group, restart=restart, announce=not wants_json)
    if group and wait:
        _follow(plan, group, wants_json=wants_json)
    lines = list(_projection_lines(plan, group))
    _print_lines(lines, wants_json=wants_json, as_table=looks)
    sys.exit(1 if looks and any(line["building"] for line in lines) else 0)


def _begin(plan: Plan, name: str, *, restart: bool, announce: bool) -> None:
    from shared.messaging.errors import AlreadyBuilding
    from shared.messaging.projections import generations  # the broker's client takes 400 ms that --help should not pay

    store_of(plan, name.partition(".")[0])
    try:
        state = generations.begin(name, restart=restart)
    except AlreadyBuilding as reason:
        give_up(f"{reason}; follow it with --status --wait, or begin again with --restart")
    if announce:
        click.echo(f"generation {state.building} of {name} is to be built; the {name.partition('.')[0]} worker does it")


def _follow(plan: Plan, name: str, *, wants_json: bool) -> None:
    """Show how a rebuild goes until it is done; ends the command when it will not be."""
    from shared.messaging.projections.catch_up import progress_of

    group = _group(plan, name)
    number = progress_of(group).generations.building
    if number is None:
        return
    last = _show_bar(group, number) if sys.stderr.isatty() else _show_lines(group, number)
    if last.generations.current < number:
        _fail_unfinished(f"generation {number} of {name} was given up for another one", last, wants_json=wants_json)


def _watch_progress(group: ConsumerGroup, number: int) -> Iterator[Progress]:
    while True:
        began = time.monotonic()
        progress = _look_patiently(group)
        yield progress
        if progress.generations.building != number:
            return
        time.sleep(max(LOOK_SECONDS, COMPARED_SHARE * (time.monotonic() - began)))


def _look_patiently(group: ConsumerGroup) -> Progress:
    """Look through moments in which the store is away or busy: the rebuild that is waited for goes on behind them."""
    from shared.messaging.projections import catch_up

    give_up_at = time.monotonic() + AWAY_SECONDS
    while True:
        try:
            return catch_up.progress_of(group)
        except PyMongoError as failure:
            if not connection.is_away(failure) or time.monotonic() > give_up_at:
                raise
        time.sleep(LOOK_SECONDS)


def _show_bar(group: ConsumerGroup, number: int) -> Progress:
    progress: Progress | None = None
    with click.progressbar(length=1, label=group.group, file=sys.stderr, show_eta=False, show_pos=True,
                           item_show_func=lambda doing: doing or "") as bar:  # fmt: skip
        for progress in _watch_progress(group, number):
            bar.length = max(1, progress.known)
            bar.update(progress.reached - bar.pos, _stage(progress, number))
    assert progress is not None  # noqa: S101 - it is looked at least once
    return progress


def _show_lines(group: ConsumerGroup, number: int) -> Progress:
    progress, last_line, printed_at = None, "", 0.0
    for progress in _watch_progress(group, number):
        line = f"{group.group}: {progress.reached} of {progress.known} keys; {_stage(progress, number)}"
        if line != last_line and time.monotonic() - printed_at >= SAID_SECONDS:
            click.echo(line, err=True)
            last_line, printed_at = line, time.monotonic()
    assert progress is not None  # noqa: S101 - it is looked at least once
    return progress


def _stage(progress: Progress, number: int) -> str:
    if progress.generations.building != number:
        return "swapped in" if progress.generations.current >= number else "given up"
    if not progress.begun:
        return "waits for the worker"
    parked = f"; {progress.failed} parked for an operator" if progress.failed else ""
    return ("waits for what owners send again" if progress.asked else "reads") + parked


def _projection_lines(plan: Plan, name: str | None) -> Iterator[dict[str, Any]]:
    from shared.messaging.projections.catch_up import progress_of

    for service in each_store(plan, name.partition(".")[0] if name else None):
        for group in projections_of(service):
            if name in (None, group.group):
                yield _line(group.group, progress_of(group))


def _line(name: str, progress: Progress) -> dict[str, Any]:
    state = progress.generations
    return {
        "group": name,
        "generation": state.current,
        "building": state.building,
        "asked_at": state.asked_at,
        "swapped_at": state.swapped_at,
        "known": progress.known,
        "reached": progress.reached,
        "asked": progress.asked,
        "failed": progress.failed,
        "begun": progress.begun,
        "clearing": [number for number, _ in state.retired],
    }


def _print_lines(lines: list[dict[str, Any]], *, wants_json: bool, as_table: bool) -> None:
    if wants_json:
        click.echo(as_json(lines))
    elif as_table:
        click.echo(table(
            ("GROUP", "GENERATION", "BUILDING", "KEYS", "OF", "ASKED", "FAILED"),
            (
                (line["group"], line["generation"], line["building"] or "-", line["reached"], line["known"],
                 line["asked"], line["failed"])
                for line in lines
            ),
        ))  # fmt: skip
    else:
        for line in lines:
            if not line["building"]:
                click.echo(f"generation {line['generation']} of {line['group']} is read")


def _fail_unfinished(reason: str, last: Progress, *, wants_json: bool) -> NoReturn:
    if wants_json:
        click.echo(as_json([_line(last.generations.group, last)]))
    give_up(reason)


def _group(plan: Plan, name: str) -> ConsumerGroup:
    service = store_of(plan, name.partition(".")[0])
    return next(group for group in projections_of(service) if group.group == name)
