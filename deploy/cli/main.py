"""`score`: the commands of a person who runs the platform.

Commands are loaded when they are used, so that `score --help` is immediate and a command whose optional packages are
missing does not break the others.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
from typing import NamedTuple

import click


class Entry(NamedTuple):
    """A command: where it lives, and its line in `score --help`."""

    module: str
    attribute: str
    summary: str


COMMANDS = {
    "up": Entry("deploy.cli.up", "up", "Run the whole platform on this machine."),
    "doctor": Entry("deploy.doctor.command", "doctor", "Say in words what is wrong and what to do."),
    "token": Entry("deploy.cli.token", "token", "Print a bearer token for the API."),
    "demo": Entry("deploy.demo.command", "demo", "Drive a programme cycle through the HTTP endpoints."),
    "story": Entry("deploy.cli.story", "story", "Tell what followed from one request, across all services."),
    "outbox": Entry("deploy.cli.outbox", "outbox", "What is not yet sent to the broker; send it again."),
    "parked": Entry("deploy.cli.parked", "parked", "Records that could not be applied: look, retry, discard."),
    "rebuild": Entry("deploy.cli.rebuild", "rebuild", "Write a projection's rows again from the events."),
    "openapi": Entry("deploy.api_document", "openapi", "Print the API of all services as one OpenAPI document."),
    "topics": Entry("deploy.cli.topics", "topics", "What the topics hold, and how far each group is behind."),
}


class Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return [name for name, entry in COMMANDS.items() if importlib.util.find_spec(entry.module)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        entry = COMMANDS[cmd_name]
        command = getattr(importlib.import_module(entry.module), entry.attribute)
        assert isinstance(command, click.Command)  # noqa: S101 (the table above says so)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name].summary) for name in self.list_commands(ctx)])


def _version(ctx: click.Context, param: click.Parameter, wanted: bool) -> None:
    del param
    if not wanted or ctx.resilient_parsing:
        return
    try:
        version = importlib.metadata.version("score-platform")
    except importlib.metadata.PackageNotFoundError:
        version = "from a checkout"
    click.echo(f"score {version}")
    ctx.exit()


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 done, 1 it did not work (the reason is printed), 2 wrong usage.",
)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version,
              help="Print the version.")  # fmt: skip
def main() -> None:
    """The SCORE platform.

    \b
    Examples:
      score up                             run everything, Ctrl-C stops it
      score token --role programme         a token for the API
      score doctor                         what is wrong?
    """


if __name__ == "__main__":
    main(prog_name="score")
