"""Shows how far a long command has come, on the error output: a bar on a terminal, a line for each tenth elsewhere.

Neither is coloured, whatever `NO_COLOR` says; a command that prints JSON shows nothing.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import click
import orjson

PARTS = 10


@contextmanager
def progress(label: str, total: int, *, shown: bool = True) -> Iterator[Callable[[int], None]]:
    """Yield a function that takes how many more are done."""
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


NUMBER = re.compile(r"\d+( \w+)?|-|")


def as_json(content: Any) -> str:
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z, default=str).decode()


def table(heads: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Lay out columns as wide as their widest cell; numbers to the right, the last column as long as it likes."""
    lines = [[str(head) for head in heads], *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    numeric = [all(NUMBER.fullmatch(line[column]) for line in lines[1:]) for column in range(len(widths))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if is_number else cell.ljust(width)
            for cell, width, is_number in zip(line, widths, numeric, strict=True)
        ).rstrip()
        for line in lines
    )


def lasting(seconds: float | None) -> str:
    """Write a length of time as a person says it."""
    if seconds is None:
        return "-"
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
