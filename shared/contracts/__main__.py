"""`python -m shared.contracts check | write`: exit 0 if classes and published files agree, 1 with words if not."""

from __future__ import annotations

import subprocess
from pathlib import Path

import click

from shared.contracts import golden


@click.group(help=__doc__)
def main() -> None:
    """Check or write what is published of the contracts."""


@main.command()
def check() -> None:
    """Say where the contracts and what was published of them disagree."""
    _answer(golden.check())


@main.command()
def write() -> None:
    """Publish what is new; refuse what would break readers of a release."""
    _answer(golden.write(frozen=_released()))


def _answer(faults: list[str]) -> None:
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        raise SystemExit(1)
    click.echo(f"{len(golden.contracts())} contracts, all as published")


def _released() -> bool:
    """Return whether a release was tagged. Where git cannot say, everything counts as released."""
    folder = Path(__file__).parent
    try:
        tags = subprocess.run(["git", "tag", "--list", "v*"], cwd=folder, capture_output=True, check=True, text=True)
    except (OSError, subprocess.CalledProcessError):
        return True
    return bool(tags.stdout.strip())


if __name__ == "__main__":
    main(prog_name="python -m shared.contracts")
