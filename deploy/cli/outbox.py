"""`score outbox`: what the services still have to tell the broker, and telling it again.

Nothing is published from here. Rows become pending, and the service's own relay sends them when it works; groups drop
what they know.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

import click

from deploy.cli.output import as_json, lasting, progress, table
from deploy.cli.target import EXIT_CODES, Moment, ServiceName, each_store, give_up, note, on_a_platform, store_of
from deploy.platform.plan import Plan


@click.group(epilog=EXIT_CODES)
def outbox() -> None:
    """What the services still have to tell the broker, and telling it again."""


@outbox.command(epilog=EXIT_CODES)
@click.option("--service", type=ServiceName(), help="Only this service.")
@click.option("--json", "wants_json", is_flag=True, help="Print a list of {service, topic, pending, ...}.")
@on_a_platform
def status(plan: Plan, service: str | None, wants_json: bool) -> None:
    """Per topic: rows not yet sent, the age of the oldest, the epoch of the log, the newest checkpoints.

    A checkpoint is a record that the broker is known to have kept: partition:offset.

    \b
    Examples:
      score outbox status
      score outbox status --service finance --json | jq '.[].pending'
    """
    from shared.messaging.operations.commands import (
        backlogs,  # the broker's client takes 400 ms that --help should not pay
    )

    backlog_rows = [
        {"service": owner.name, **asdict(backlog)} for owner in each_store(plan, service) for backlog in backlogs(owner)
    ]
    if wants_json:
        click.echo(as_json([
            {**row, "newest": [{"partition": number, **newest} for number, newest in row["newest"].items()]}
            for row in backlog_rows
        ]))  # fmt: skip
        return
    click.echo(table(
        ("TOPIC", "PENDING", "OLDEST", "EPOCH", "CHECKPOINTS"),
        (
            (row["topic"], row["pending"], lasting(row["oldest_seconds"]), row["epoch"],
             " ".join(f"{number}:{newest['offset']}" for number, newest in row["newest"].items()) or "none")
            for row in backlog_rows
        ),
    ))  # fmt: skip


@outbox.command(epilog=f"{EXIT_CODES} Without --yes nothing is done, and the exit code is 1.")
@click.option("--service", "name", type=ServiceName(), required=True, help="Whose events.")
@click.option(
    "--since", type=Moment(), help="Only what was recorded since: 2026-03-01T08:00:00Z, or 2h for two hours ago."
)
@click.option("--key", type=click.UUID, help="Only the events of this aggregate (with --contacts: this party).")
@click.option("--contacts", "what", flag_value="contacts", help="The service's parties instead of its events.")
@click.option("--reference", "what", flag_value="reference", help="What others show of its: titles, venues.")
@click.option("--yes", is_flag=True, help="Do it; without, say only how many there are.")
@click.option("--json", "wants_json", is_flag=True, help="Print {topic, rows, done}.")
@on_a_platform
def republish(
    plan: Plan, *, name: str, since: datetime | None, key: UUID | None, what: str | None, yes: bool, wants_json: bool
) -> None:
    """Let a service's relay send events once more.

    Groups that know them drop the copies; those that miss them catch up. On the embedded broker, whose log is short,
    a whole history may push out what was not read yet: groups then ask for it by themselves.

    \b
    Examples:
      score outbox republish --service enrollment --since 2h
      score outbox republish --service enrollment --since 2h --yes
      score outbox republish --service finance --key 0198c0de-0000-7000-8000-000000000001 --yes
      score outbox republish --service certification --contacts --yes
    """
    from shared.messaging.operations.commands import EVENTS, outboxes_of, pages, rows_to_send

    if since and (what or key):
        raise click.UsageError(
            "--since goes with neither --key nor --contacts nor --reference: those are sent as a whole"
        )
    chosen = outboxes_of(store_of(plan, name)).get(what or EVENTS)
    if chosen is None:
        raise click.UsageError(f"{name} owns no {'parties' if what == 'contacts' else 'reference'}")
    rows = rows_to_send(chosen, key, since)
    if yes:
        note("send_again", key)
        expected, rows = rows, 0
        with progress(chosen.topic, expected, shown=not wants_json) as count:
            for page in pages(chosen, key, since):
                chosen.send_again(page)
                rows += len(page)
                count(len(page))
    count_said = f"{rows} row{'' if rows == 1 else 's'} of {chosen.topic}"
    if wants_json:
        click.echo(as_json({"topic": chosen.topic, "rows": rows, "done": yes}))
    elif yes:
        click.echo(f"{count_said} pending again; the relay of {name} sends them when its worker runs")
    if not yes:
        give_up(f"{count_said} would be pending again; nothing was done, add --yes")
