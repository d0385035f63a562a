"""`score parked`: the records that a group could not apply, why, and the two ways out.

A record is tried again, or given up, by its group's own delivery. What follows it in its key's history is then due, and
taken by the group's worker.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from deploy.cli.output import as_json, lasting, progress, table
from deploy.cli.parked_outcome import tell, written
from deploy.cli.target import EXIT_CODES, ServiceName, each_store, give_up, login, note, on_a_platform, store_of
from deploy.platform.plan import Plan
from shared.kernel import clock
from shared.storage import migrations

if TYPE_CHECKING:
    from shared.kernel.service import Service
    from shared.messaging.operations.commands import Outcome
    from shared.messaging.subscriptions import ConsumerGroup


ID_PARTS = (4, 5)
DONE = ("applied", "superseded")
NO_GROUP = "no group of this installation: only the release that has it can go on with its records"


class ParkedId(click.ParamType[str]):
    """A parked record's id as `list` prints it.

    Group, topic, key and sequence; or group, topic, partition and offset of what has no key. The event's own id follows where
    another event has that place.
    """

    name = "id"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        parts = value.split("/")
        if len(parts) not in ID_PARTS or not all(parts) or "." not in parts[0]:
            self.fail(f"{value!r} is no id as `score parked list` prints it", param, ctx)
        ServiceName().convert(parts[0].partition(".")[0], param, ctx)
        return value


@click.group(epilog=EXIT_CODES)
def parked() -> None:
    """Records that a group could not apply, and the two ways out."""


@parked.command("list", short_help="What is parked, and for what it waits.", epilog=EXIT_CODES)
@click.option("--service", type=ServiceName(), help="Only this service.")
@click.option("--group", help="Only this consumer group, such as finance.billing.")
@click.option("--reason", type=click.Choice(["gap", "waiting", "failed", "discarded"]), help="Only these.")
@click.option("--json", "wants_json", is_flag=True, help="Print a list of {id, group, reason, ...}.")
@on_a_platform
def list_(plan: Plan, service: str | None, group: str | None, reason: str | None, wants_json: bool) -> None:
    """What is parked: `failed` waits for an operator, `waiting` for another event, `gap` for an earlier record.

    Discarded records are kept, and listed when asked for.

    \b
    Examples:
      score parked list --reason failed
      score parked list --group finance.billing --json | jq -r '.[].id'
    """
    from shared.messaging.operations.commands import listed
    from shared.messaging.operations.redaction import (
        line_of,  # the broker's client takes 400 ms that --help should not pay
    )

    asked_service = _service_of(service, group)
    lines = [line_of(owner.name, row) for owner in each_store(plan, asked_service) for row in listed(group, reason)]
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
    from shared.messaging.operations.commands import effects_of, neighbours
    from shared.messaging.operations.redaction import whole

    row = _row(plan, parked_id)
    record = {
        **whole(_service_name(parked_id), row),
        "behind": neighbours(row).behind,
        "effects": effects_of(row),
    }
    if wants_json:
        click.echo(as_json(record))
        return
    headers, body = record.pop("headers"), record.pop("body")
    width = max(len(name) for name in record)
    fields = {name: value for name, value in record.items() if value not in (None, "", [])}
    click.echo("\n".join([
        *(f"{name:<{width}}  {written(value)}" for name, value in fields.items()),
        "headers",
        *(f"  {name}: {value}" for name, value in headers.items()),
        "body",
        body if isinstance(body, str) else as_json(body),
    ]))  # fmt: skip


@parked.command(
    short_help="Try a record, or all that failed, once more.",
    epilog="Exit codes: 0 applied (with --all: every one), 1 still parked (the reason is printed), 2 wrong usage.",
)
@click.argument("parked_id", metavar="[ID]", type=ParkedId(), required=False)
@click.option("--all", "every", is_flag=True, help="All that failed instead of one.")
@click.option("--service", type=ServiceName(), help="With --all: only of this service.")
@click.option("--group", help="With --all: only of this consumer group.")
@click.option("--json", "wants_json", is_flag=True, help="Print a list of {id, state, detail}.")
@on_a_platform
def retry(
    plan: Plan, *, parked_id: str | None, every: bool, service: str | None, group: str | None, wants_json: bool
) -> None:
    """Try a record once more with the code of this installation, as its worker would.

    With --all, every record that failed, the oldest first. What queues behind one is taken by its worker.

    \b
    Examples:
      score parked retry finance.billing/score.enrollment/0198c0de-0000-7000-8000-000000000001/3
      score parked retry --all --group finance.billing
      score parked retry --all --json | jq '.[] | select(.state == "failed")'
    """
    if every == (parked_id is not None):
        raise click.UsageError("name one record, or say --all")
    if parked_id is not None and (service or group):
        raise click.UsageError("--service and --group go with --all")
    if parked_id is None:
        tried = _retry_all(plan, _service_of(service, group), group, shown=not wants_json)
        _print_all(tried, wants_json=wants_json)
        sys.exit(0 if all(outcome_row["state"] in DONE for outcome_row in tried) else 1)
    owner, row, consumer_group = _place(plan, parked_id)
    outcome = _retry_one(consumer_group, row)
    if isinstance(outcome, str):
        give_up(outcome)
    if wants_json:
        click.echo(as_json([_outcome_row(row, outcome)]))
    else:
        tell(owner, row, outcome)
    sys.exit(0 if outcome.state in DONE else 1)


def _retry_one(group: ConsumerGroup, row: dict[str, Any]) -> Outcome | str:
    """Retry the record; return what became of it, or why there is nothing to try."""
    from shared.messaging.errors import NotParked
    from shared.messaging.operations import commands as operators

    note("retry_parked", row["key"])
    try:
        return operators.retry(group, row["_id"])
    except NotParked as reason:
        return str(reason)


def _retry_all(plan: Plan, service_name: str | None, group: str | None, *, shown: bool) -> list[dict[str, Any]]:
    from shared.access.suspensions import groups_of
    from shared.messaging.operations.commands import group_of, listed
    from shared.process.collections import collections_of  # takes the broker's client with it

    tried = []
    for service in each_store(plan, service_name):
        rows = listed(group, "failed")
        if not rows:
            continue
        migrations.require(service, collections_of(service))
        with progress(service.name, len(rows), shown=shown) as count:
            for row in rows:
                consumer_group = group_of(groups_of(service), row)
                tried.append(_outcome_row(row, _retry_one(consumer_group, row) if consumer_group else NO_GROUP))
                count(1)
    return tried


def _outcome_row(row: dict[str, Any], outcome: Outcome | str) -> dict[str, Any]:
    from shared.messaging.operations.redaction import detail_of, id_shown

    state, detail = ("not tried", outcome) if isinstance(outcome, str) else (outcome.state, outcome.detail)
    masked = detail if isinstance(outcome, str) or not detail else detail_of(row, detail)
    return {"id": id_shown(row["_id"]), "state": state, "detail": masked}


def _print_all(tried: list[dict[str, Any]], *, wants_json: bool) -> None:
    if wants_json:
        click.echo(as_json(tried))
        return
    for row in tried:
        if row["state"] not in DONE:
            click.echo(f"{row['state']}: {row['id']}  {row['detail']}".rstrip(), err=True)
    click.echo(f"{sum(row['state'] in DONE for row in tried)} of {len(tried)} failed records applied")


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
    from shared.messaging.errors import NotParked
    from shared.messaging.operations import commands as operators

    if not why.strip():
        raise click.UsageError("--reason says nothing")
    service, row, group = _place(plan, parked_id)
    note("discard_parked", row["key"])
    try:
        outcome = operators.discard(group, row["_id"], f"{why.strip()} ({login()})")
    except NotParked as reason:
        give_up(str(reason))
    tell(service, row, outcome)
    sys.exit(0 if outcome.state == "discarded" else 1)


def _service_of(service: str | None, group: str | None) -> str | None:
    """Return the service that is meant: the one that is named, or the one whose group is."""
    if service is None and group:
        return ServiceName().convert(group.partition(".")[0], None, click.get_current_context())
    return service


def _service_name(parked_id: str) -> str:
    return parked_id.partition(".")[0]


def _row(plan: Plan, parked_id: str) -> dict[str, Any]:
    from shared.messaging.errors import NotParked
    from shared.messaging.operations.commands import found
    from shared.messaging.operations.redaction import id_typed

    next(each_store(plan, _service_name(parked_id)))
    try:
        return found(id_typed(parked_id))
    except NotParked as reason:
        give_up(str(reason))


def _place(plan: Plan, parked_id: str) -> tuple[Service, dict[str, Any], ConsumerGroup]:
    """Find the record and the group that can apply it, with this process connected to their store."""
    from shared.access.suspensions import groups_of
    from shared.messaging.operations.commands import group_of

    row, service = _row(plan, parked_id), store_of(plan, _service_name(parked_id))
    group = group_of(groups_of(service), row)
    if group is None:
        give_up(f"{row['group']} is {NO_GROUP}")
    return service, row, group
