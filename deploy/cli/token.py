"""`score token`: a bearer token of the embedded run, for the API and for scripts."""

from __future__ import annotations

import re
import sys
from datetime import timedelta
from pathlib import Path

import click

from deploy.platform.keys import ROLES, Claims, IdMissing, KeyMissing, NotLoopback, mint

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


class Duration(click.ParamType[timedelta]):
    name = "duration"

    def convert(self, value: str | timedelta, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        if isinstance(value, timedelta):
            return value
        matched = re.fullmatch(r"([1-9]\d{0,5})([smhd])", value)
        if not matched:
            self.fail(f"{value!r} is not a duration such as 30m, 12h or 7d", param, ctx)
        return timedelta(**{UNITS[matched[2]]: int(matched[1])})


@click.command(epilog="Exit codes: 0 printed, 1 no key or not on loopback, 2 wrong usage (a role without its id).")
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--institution", type=click.UUID, help="Institution that the role is bound to; required for provider.")
@click.option("--trainer", type=click.UUID, help="Required for trainer.")
@click.option("--enterprise", type=click.UUID, help="Required for enterprise.")
@click.option("--sponsor", type=click.UUID, help="Required for sponsor.")
@click.option("--province", help="Province code that the role is bound to.")
@click.option("--sub", help="Subject; by default derived from role and ids, so that repeated tokens are one person.")
@click.option("--name", help="Name shown on the pages.")
@click.option("--ttl", type=Duration(), default="12h", show_default=True, help="How long it is valid.")
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), envvar="SCORE_DATA", default=Path(".data"),
              show_default=True, help="Folder of the stack whose key signs.")  # fmt: skip
def token(role: str, ttl: timedelta, data: Path, sub: str | None, name: str | None, **ids: object) -> None:
    """Print a bearer token, and nothing else.

    \b
    Examples:
      score token --role programme
      score token --role provider --institution 0190b5a2-7c1e-7000-8000-000000000001 --ttl 30m
      curl -H "Authorization: Bearer $(score token --role auditor)" http://127.0.0.1:8101/v1/trainings
    """
    bound = {key: None if value is None else str(value) for key, value in ids.items()}
    try:
        click.echo(mint(Claims(role=role, subject=sub, name=name, **bound), data.resolve() / "keys", ttl))
    except IdMissing as reason:
        raise click.UsageError(str(reason)) from reason
    except (KeyMissing, NotLoopback) as reason:
        click.echo(str(reason), err=True)
        sys.exit(1)
