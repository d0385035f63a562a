"""`score parked`: the records that a group could not apply, why, and the two ways out.

A record is tried again, or given up, by its group's own delivery. What follows it in its key's history is then due, and
taken by the group's worker.
"""

from __future__ import annotations

import getpass
import os
import sys
from typing import TYPE_CHECKING, Any

import click

from deploy.score.plan import Plan
from deploy.score.reach import (
    EXIT_CODES,
    ServiceName,
    as_json,
    each_store,
    give_up,
    lasting,
    on_a_platform,
    store_of,
    table,
)
from shared.runtime import clock

if TYPE_CHECKING:
    from shared.messaging.operators import Outcome
    from shared.messaging.reactions import Reactions
    from shared.runtime.service import Service


class ParkedId(click.ParamType[str]):
    """As `list` prints it: group, topic, key and sequence; or group, topic, partition and offset of what has no key."""

    name = "id"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        parts = value.split("/")
        if len(parts) != 4 or not all(parts) or "." not in parts[0]:  # noqa: PLR2004 - the four named above
            self.fail(f"{value!r} is no id as `score parked list` prints it", param, ctx)
        ServiceName().convert(parts[0].partition(".")[0], param, ctx)
        return value


@click.group()
def parked() -> None:
    """Records that a group could not apply, and the two ways out."""


@parked.command("list", short_help="What is parked, and for what it waits.", epilog=EXIT_CODES)
@click.option("--service", type=ServiceName(), help="Only this service.")
@click.option("--group", help="Only this reaction group, such as finance.billing.")
@click.option("--reason", type=click.Choice(["gap", "waiting", "failed", "discarded"]), help="Only these.")
@click.option("--json", "wants_json", is_flag=True, help="Print a list of {id, group, reason, ...}.")
@on_a_platform
def list_(plan: Plan, service: str | None, group: str | None, reason: str | None, wants_json: bool) -> None:
    """What is parked: `failed` waits for an operator, `waiting` for another fact, `gap` for an earlier record.

    Discarded records are kept, and listed when asked for.

    \b
    Examples:
      score parked list --reason failed
      score parked list --group finance.billing --json | jq -r '.[].id'
    """
    from deploy.score.disclosure import line_of  # the broker's client takes 400 ms that --help should not pay
    from shared.messaging.operators import listed

    if service is None and group:
        service = ServiceName().convert(group.partition(".")[0], None, click.get_current_context())
    lines = [line_of(one.name, row) for one in each_store(plan, service) for row in listed(group, reason)]
    if wants_json:
        click.echo(as_json(lines))
    elif lines:
        now = clock.now()
        click.echo(table(
            ("REASON", "TRIES", "SINCE", "TYPE", "ID"),
            (
                (line["reason"], line["tries"], lasting((now - line["parked_at"]).total_seconds()),
                 line["event_type"].removeprefix("id.score.") or "-", line["id"])
                for line in lines
            ),
        ))  # fmt: skip
    else:
        click.echo("nothing")


@parked.command(short_help="One record: headers, body, error, tries.", epilog=EXIT_CODES)
@click.argument("parked_id", metavar="ID", type=ParkedId())
@click.option("--json", "wants_json", is_flag=True, help="Print one object.")
@on_a_platform
def show(plan: Plan, parked_id: str, wants_json: bool) -> None:
    """One record: its headers, its body, the error, the tries. Personal data are masked.

    \b
    Example:
      score parked show finance.billing/score.enrollment/0198c0de-0000-7000-8000-000000000001/3
    """
    from deploy.score.disclosure import whole
    from shared.messaging.operators import queue_behind

    row = _row(plan, parked_id)
    record = {**whole(_service_name(parked_id), row), "behind": queue_behind(row)}
    if wants_json:
        click.echo(as_json(record))
        return
    headers, body = record.pop("headers"), record.pop("body")
    width = max(len(name) for name in record)
    said = {name: value for name, value in record.items() if value not in (None, "")}
    click.echo("\n".join([
        *(f"{name:<{width}}  {_words(value)}" for name, value in said.items()),
        "headers",
        *(f"  {name}: {value}" for name, value in headers.items()),
        "body",
        body if isinstance(body, str) else as_json(body),
    ]))  # fmt: skip


@parked.command(
    short_help="Try a record once more.",
    epilog="Exit codes: 0 applied, 1 still parked (the reason is printed), 2 wrong usage.",
)
@click.argument("parked_id", metavar="ID", type=ParkedId())
@on_a_platform
def retry(plan: Plan, parked_id: str) -> None:
    """Try a record once more with the code of this installation, as its worker would.

    \b
    Example:
      score parked retry finance.billing/score.enrollment/0198c0de-0000-7000-8000-000000000001/3
    """
    from shared.messaging import operators

    service, row, group = _place(plan, parked_id)
    try:
        outcome = operators.retry(group, row["_id"])
    except operators.NotParked as reason:
        give_up(str(reason))
    _tell(service, row, outcome)
    sys.exit(0 if outcome.state in ("applied", "superseded") else 1)


@parked.command(epilog="Exit codes: 0 discarded, 1 not discarded (the reason is printed), 2 wrong usage.")
@click.argument("parked_id", metavar="ID", type=ParkedId())
@click.option("--reason", "why", required=True, metavar="WORDS", help="Kept with the record. No personal data.")
@on_a_platform
def discard(plan: Plan, parked_id: str, why: str) -> None:
    """Give a record up: its key goes on without it. The record is kept, with the reason and your login name.

    \b
    Example:
      score parked discard finance.billing/score.enrollment/0198c0de-0000-7000-8000-000000000001/3 \\
        --reason "test data of the trainers' day"
    """
    from shared.messaging import operators

    if not why.strip():
        raise click.UsageError("--reason says nothing")
    service, row, group = _place(plan, parked_id)
    try:
        outcome = operators.discard(group, row["_id"], f"{why.strip()} ({_login()})")
    except operators.NotParked as reason:
        give_up(str(reason))
    _tell(service, row, outcome)
    sys.exit(0 if outcome.state == "discarded" else 1)


def _service_name(parked_id: str) -> str:
    return parked_id.partition(".")[0]


def _row(plan: Plan, parked_id: str) -> dict[str, Any]:
    from deploy.score.disclosure import id_typed
    from shared.messaging.operators import NotParked, found

    next(each_store(plan, _service_name(parked_id)))
    try:
        return found(id_typed(parked_id))
    except NotParked as reason:
        give_up(str(reason))


def _place(plan: Plan, parked_id: str) -> tuple[Service, dict[str, Any], Reactions]:
    """The record and the group that can apply it, with this process connected to their store."""
    row, service = _row(plan, parked_id), store_of(plan, _service_name(parked_id))
    group = next((one for one in service.reactions if one.group == row["group"]), None)
    if group is None:
        give_up(
            f"{row['group']} is no group of this installation: only the release that has it can go on with its records"
        )
    return service, row, group


def _tell(service: Service, row: dict[str, Any], outcome: Outcome) -> None:
    from deploy.score.disclosure import detail_of

    detail = detail_of(row, outcome.detail) if outcome.detail else ""
    worker = f"the {service.name} worker"
    click.echo({
        "applied": f"applied {detail}".strip(),
        "superseded": "it had been applied before; no longer parked",
        "waiting": f"still parked, waiting: {detail}",
        "failed": f"failed again: {detail}",
        "out of turn": f"not its turn: sequence {row['sequence']} of this key comes after {outcome.expected}",
        "discarded": "discarded, and kept with the reason",
    }[outcome.state], err=outcome.state in ("waiting", "failed", "out of turn"))  # fmt: skip
    click.echo(_next_words(row, outcome, worker))


def _next_words(row: dict[str, Any], outcome: Outcome, worker: str) -> str:
    """Who follows."""
    from deploy.score.disclosure import id_shown

    if row["key"] is None:
        return "it blocks no key: nothing waits behind it"
    then, behind = outcome.then, outcome.behind
    if then is None and behind:
        return f"sequence {outcome.expected} has not arrived: {worker} asks its owner for it; {behind} wait behind it"
    if then is None:
        return "nothing of this key is parked"
    more = f"; {behind - 1} more behind it" if behind > 1 else ""
    if then["reason"] == "failed":
        return f"first of this key, for an operator: {id_shown(then['_id'])}{more}"
    return f"next of this key, taken by {worker} while it runs: {id_shown(then['_id'])}{more}"


def _words(value: Any) -> str:
    return f"{value:%Y-%m-%d %H:%M:%S} UTC" if hasattr(value, "tzinfo") else str(value)


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return f"user {os.getuid()}"
