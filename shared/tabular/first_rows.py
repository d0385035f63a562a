"""Reads the first rows of a spreadsheet in a process of its own: the file on standard input, the rows on standard output.

`preview.py` starts it. It has no variables of the platform, no connection and no secret, little memory, and goes last
where others want the processor.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from shared.tabular.reader import SheetRow, Unreadable, read_rows

MOST_TEXT: Final = 1_000_000  # characters that are given back: a workbook may name one long text in every cell
BEHIND_OTHERS: Final = 10  # how nice it is to them


def answer_to(data: bytes, media_type: str, rows: int, **limits: Any) -> dict[str, Any]:
    """Return the first rows, or the code of why there are none, in a form that JSON knows."""
    try:
        return {"rows": list(_plain(islice(read_rows(data, media_type, **limits), rows)))}
    except Unreadable as unreadable:
        return {"code": unreadable.code, "row": unreadable.row}
    except MemoryError:
        return {"code": "unpacks-too-large", "row": None}


def _plain(rows: Iterator[SheetRow]) -> Iterator[tuple[int, list[tuple[str, bool, str | None]]]]:
    length = 0
    for row in rows:
        yield row.number, [(cell.text, cell.numeric, cell.fault) for cell in row.cells]
        length += sum(len(cell.text) for cell in row.cells)
        if length > MOST_TEXT:
            return


def main() -> None:
    asked = json.loads(sys.argv[1])
    os.nice(BEHIND_OTHERS)
    memory = asked.pop("most_memory")
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    json.dump(answer_to(sys.stdin.buffer.read(), **asked), sys.stdout)


if __name__ == "__main__":
    main()
