"""`score topics`: what the broker holds of each topic, and how far each group is behind its end. Only looks."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from deploy.score.declarations import expected_topics
from deploy.score.engines import reach_broker
from deploy.score.plan import Plan
from deploy.score.reach import EXIT_CODES, ServiceName, as_json, give_up, on_a_platform, table
from shared.runtime.service import Service

if TYPE_CHECKING:
    from shared.messaging.ports import Bounds

Committed = Mapping[str, Mapping[tuple[str, int], int]]


def topic_of(name: str, kept: Mapping[int, Bounds], readers: set[str], committed: Committed) -> dict[str, Any]:
    """A topic as data. A group that has committed nothing has all of it before it; what retention took is not counted."""
    listening = readers | {group for group, places in committed.items() if any(topic == name for topic, _ in places)}
    return {
        "topic": name,
        "partitions": [
            {"partition": number, "start": bounds.start, "end": bounds.end} for number, bounds in sorted(kept.items())
        ],
        "groups": [
            {
                "group": group,
                "lag": sum(
                    max(0, bounds.end - max(bounds.start, committed.get(group, {}).get((name, number), 0)))
                    for number, bounds in kept.items()
                ),
                "committed": {
                    str(number): committed.get(group, {}).get((name, number)) for number in sorted(kept)
                },
            }
            for group in sorted(listening)
        ],
    }  # fmt: skip


def look(plan: Plan, wanted: str | None) -> Iterator[dict[str, Any]]:
    """Each topic of the platform that exists, or of one service."""
    from shared.messaging.kafka import KafkaLog, Topics  # 400 ms that --help should not pay

    expected = expected_topics([one for one in plan.services if wanted in (None, one.name)])
    readers = _readers(plan.services)
    topics, log = Topics(), KafkaLog("score-topics")
    try:
        existing = topics.existing()
        known = {group for groups in readers.values() for group in groups}
        committed = {
            group: places for group, places in topics.committed().items()
            if group in known or group.partition(".")[0] in {one.name for one in plan.services}
        }  # fmt: skip
        for name in (*expected.facts, *expected.compacted):
            kept = log.bounds(name) if name in existing else {}
            yield topic_of(name, kept, readers.get(name, set()), committed)
    finally:
        log.close()
        topics.close()


def _readers(services: tuple[Service, ...]) -> dict[str, set[str]]:
    """The groups declared for each topic."""
    found: dict[str, set[str]] = {}
    for service in services:
        for group in service.reactions:
            for topic in group.topics:
                found.setdefault(topic, set()).add(group.group)
    return found


def _lines(topic: Mapping[str, Any]) -> Iterator[tuple[object, ...]]:
    parts = topic["partitions"]
    held = sum(part["end"] - part["start"] for part in parts)
    spans = " ".join(f"{part['partition']}:{part['start']}-{part['end']}" for part in parts)
    yield topic["topic"], held if parts else "-", "", spans or "missing"
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
    from shared.messaging.kafka import Unreachable

    if silent := reach_broker(plan.kafka_addresses):  # the client would go on trying for half a minute
        give_up(silent)
    try:
        found = list(look(plan, service))
    except (Unreachable, OSError) as failure:
        give_up(f"the broker does not work ({type(failure).__name__}); score doctor says more")
    if wants_json:
        click.echo(as_json(found))
    else:
        click.echo(table(("TOPIC", "RECORDS", "LAG", "OFFSETS"), (line for topic in found for line in _lines(topic))))
    missing = [topic["topic"] for topic in found if not topic["partitions"]]
    if missing:
        click.echo(f"missing: {', '.join(missing)}; python -m deploy.score.migrate makes them", err=True)
    sys.exit(1 if missing else 0)
