"""`score openapi`: the API of all services as one OpenAPI document."""

from __future__ import annotations

import json

import click

from shared.kernel.service import declared
from shared.web.api.document.joined import joined
from shared.web.application import document_of


def api_document() -> str:
    """Return the joined document of every service as JSON."""
    documents = {service: document_of(service) for service in declared()}
    return json.dumps(joined(documents), indent=1, ensure_ascii=False) + "\n"


@click.command(epilog="Exit codes: 0 printed, 2 wrong usage.")
def openapi() -> None:
    """Print the OpenAPI document of all services.

    It needs no running platform; each service serves its own part at /openapi.json.

    \b
    Examples:
      score openapi > score.json      for a generator of clients
    """
    click.echo(api_document(), nl=False)
