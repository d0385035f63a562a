"""How far a long command has come, on the error output: a bar on a terminal, a line for each tenth elsewhere.

Neither is coloured, whatever `NO_COLOR` says; a command that prints JSON shows nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

PARTS = 10


@contextmanager
def progress(label: str, total: int, *, shown: bool = True) -> Iterator[Callable[[int], None]]:
    """Gives a function that takes how many more are done."""
    if not shown:
        yield lambda _more: None
    elif sys.stderr.isatty():
        with click.progressbar(length=total, label=label, file=sys.stderr) as bar:
            yield bar.update
    else:
        yield _in_lines(label, total)


def _in_lines(label: str, total: int) -> Callable[[int], None]:
    done = 0

    def count(more: int) -> None:
        nonlocal done
        before, done = done, done + more
        if done < total and before * PARTS // total < done * PARTS // total:
            click.echo(f"{label}: {done} of {total}", err=True)

    return count
