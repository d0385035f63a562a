"""`score topics`: what the broker holds of each topic, and how far each group is behind its end. Only looks."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import Any

import click

from deploy.cli.output import as_json, table
from deploy.cli.target import EXIT_CODES, ServiceName, give_up, on_a_platform
from deploy.platform.declarations import expected_topics
from deploy.platform.plan import Plan
from shared.messaging.kafka.probe import reach_broker


def look_at(plan: Plan, wanted: str | None) -> Iterator[dict[str, Any]]:
    """Yield each topic of the platform that exists, or of one service."""
    from shared.access.suspensions import groups_of
    from shared.messaging.kafka.positions import look  # what contracts take to load is nothing that --help should pay

    expected = expected_topics([service for service in plan.services if wanted in (None, service.name)])
    owners = {service.name for service in plan.services}
    groups = [group for service in plan.services for group in groups_of(service)]
    return look((*expected.events, *expected.compacted), groups, owners)


def _lines(topic: Mapping[str, Any]) -> Iterator[tuple[object, ...]]:
    parts = topic["partitions"]
    records = sum(part["end"] - part["start"] for part in parts)
    spans = " ".join(f"{part['partition']}:{part['start']}-{part['end']}" for part in parts)
    yield topic["topic"], records if parts else "-", "", spans or "missing"
    for group in topic["groups"]:
        yield f"  {group['group']}", "", group["lag"], ""


@click.command(epilog=f"{EXIT_CODES} A missing topic is 1.")
@click.option("--service", type=ServiceName(), help="Only the topics of this service.")
@click.option("--json", "wants_json", is_flag=True, help="Print a list of {topic, partitions, groups}.")
@on_a_platform
def topics(plan: Plan, service: str | None, wants_json: bool) -> None:
    """Each topic with its partitions, from which offset to which, and under it the groups that read it and their lag.

    \b
    Examples:
      score topics
      score topics --json | jq '.[].groups[] | select(.lag > 0)'
    """
    from shared.messaging.kafka.cluster import Unreachable

    if silent := reach_broker(plan.kafka_addresses):  # the client would go on trying for half a minute
        give_up(silent)
    try:
        positions = list(look_at(plan, service))
    except (Unreachable, OSError) as failure:
        give_up(f"the broker does not work ({type(failure).__name__}); score doctor says more")
    if wants_json:
        click.echo(as_json(positions))
    else:
        click.echo(
            table(("TOPIC", "RECORDS", "LAG", "OFFSETS"), (line for topic in positions for line in _lines(topic)))
        )
    missing = [topic["topic"] for topic in positions if not topic["partitions"]]
    if missing:
        click.echo(f"missing: {', '.join(missing)}; python -m deploy.migrate makes them", err=True)
    sys.exit(1 if missing else 0)
