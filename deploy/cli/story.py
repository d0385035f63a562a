"""`score story`: what followed from one request, across all services, as a tree of causes."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import click
import requests

from deploy.platform.client import Client, Refused, client_for
from deploy.platform.keys import KeyMissing


def read_story(client: Client, correlation_id: str) -> list[dict[str, Any]]:
    """Return the events of a story from every service, oldest first, each with the service that recorded it."""
    token = client.token("programme")
    events = []
    for service in client.plan.services:
        story = client.get(service.name, f"/v1/operations/trace/{correlation_id}", token)
        events += [{**event, "service": service.name} for event in story["facts"]]
    return sorted(events, key=lambda event: (event["recorded_at"], event["sequence"]))


def told(events: list[dict[str, Any]]) -> str:
    """Write the story as an indented tree: each event under the one that caused it."""
    event_ids = {event["id"] for event in events}
    children: dict[str | None, list[dict[str, Any]]] = {}
    for event in events:
        cause = event["causation_id"] if event["causation_id"] in event_ids else None
        children.setdefault(cause, []).append(event)
    lines: list[str] = []

    def tell(cause: str | None, depth: int) -> None:
        for event in children.get(cause, []):
            name = event["type"].removeprefix("id.score.")
            lines.append(f"{event['recorded_at'][11:23]}  {'   ' * depth}{name}  {event['key']} #{event['sequence']}")
            tell(event["id"], depth + 1)

    tell(None, 0)
    return "\n".join(lines) or "nothing is known of this correlation id"


@click.command(epilog="Exit codes: 0 told, 1 nothing known or the platform does not answer, 2 wrong usage.")
@click.argument("correlation_id", type=click.UUID)
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), envvar="SCORE_DATA", default=Path(".data"),
              show_default=True, help="Data folder of the running platform.")  # fmt: skip
@click.option("--ports-offset", type=click.IntRange(0, 30000), help="Default: that of the running stack.")
@click.option("--json", "as_json", is_flag=True, help="Print the events as JSON.")
def story(correlation_id: UUID, data: Path, ports_offset: int | None, as_json: bool) -> None:
    """Tell what followed from one request. Its correlation id is in every answer and in every letter.

    \b
    Example:
      score story 0198c0de-0000-7000-8000-000000000001
    """
    client = client_for(data, ports_offset)
    try:
        events = read_story(client, str(correlation_id))
    except (Refused, KeyMissing, requests.RequestException) as failure:
        click.echo(f"failed: {failure}", err=True)
        sys.exit(1)
    click.echo(json.dumps(events, indent=2) if as_json else told(events))
    sys.exit(0 if events else 1)
