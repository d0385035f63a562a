"""Every command says how it ends, and shows how far it has come only where a person looks."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from deploy.cli.main import COMMANDS, main
from shared.kernel.service import ROOT

LONG = """
from deploy.cli.output import progress
with progress("score.finance", 40) as count:
    for _ in range(40):
        count(1)
"""


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        yield (*path, name)
        if isinstance(found, click.Group):
            yield from commands(found, (*path, name))


def test_every_command_documents_its_exit_codes() -> None:
    found = list(commands(main))
    assert {path[0] for path in found} == COMMANDS.keys()
    silent = [path for path in found if "Exit codes:" not in _help(path)]
    assert silent == []


def _help(path: tuple[str, ...]) -> str:
    answer = CliRunner().invoke(main, [*path, "--help"])
    assert answer.exit_code == 0
    return re.sub(r"\s+", " ", answer.output)


def test_elsewhere_progress_is_plain_lines() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LONG], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == ""
    assert done.stderr.splitlines() == [f"score.finance: {number} of 40" for number in range(4, 40, 4)]


@pytest.mark.parametrize("colours", [{}, {"NO_COLOR": "1"}])
def test_on_a_terminal_progress_is_a_bar_without_colours(colours: dict[str, str]) -> None:
    leader, follower = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", LONG], cwd=ROOT, stdout=subprocess.PIPE, stderr=follower, env={**os.environ, **colours}
    ) as running:
        os.close(follower)
        shown = b"".join(iter(lambda: _read(leader), b""))
        assert running.wait(60) == 0
    os.close(leader)
    words = shown.decode()
    assert "100%" in words
    assert "of 40" not in words
    assert not re.search(r"\x1b\[[0-9;]*m", words)


def _read(leader: int) -> bytes:
    try:
        return os.read(leader, 4096)
    except OSError:  # how a terminal tells that its last writer has gone
        return b""
