"""Writes the examples of the OpenAPI documents, taken from what tests send and are answered: `make examples`.

While `RECORD_EXAMPLES` names a folder, the hook notes each good request with its answer there. Of those of one operation the
one that shows most is kept, the shortest of several; ids, moments, days and signatures become stable invented ones.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from marshmallow import fields

from shared.kernel.service import ROOT, declared
from shared.web.api.document.examples import FILE, SHARED
from shared.web.api.route import Route
from shared.web.fields import Identifier

FOLDER: Final = "RECORD_EXAMPLES"
TESTS: Final = ("tests/everywhere/test_examples.py",)
FIRST_DAY: Final = date(2026, 2, 2)
FEW: Final = 2  # of a list that an example shows; of things with members one is enough
_ID: Final = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
_DAY: Final = re.compile(r"\b(?:19|20)\d\d-\d\d-\d\d(?!\d)")
_TIME: Final = re.compile(r"(?<=\d)T\d\d:\d\d:\d\d(?:\.\d+)?")
# what is random: digests, signatures, public keys and traces; the last two become those of RFC 8037 and of W3C's text
_RANDOM: Final = (
    (re.compile(r"\b[0-9a-f]{64}\b"), "ab" * 32),
    (re.compile(r"\b[\w-]{16,}\.[\w-]{16,}\.[\w-]{16,}"), ".".join(["signed-by-the-platform"] * 3)),
    (re.compile(r'(?<=")[\w-]{43}(?=")'), "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"),
    (re.compile(r"\b00-[0-9a-f]{32}-[0-9a-f]{16}-0\d\b"), "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
)


def note(route: Route, sent: Any, answer: Any) -> None:
    """Note a good request and its answer, where examples are being recorded."""
    if folder := os.environ.get(FOLDER):
        noted = {"operation": route.operation, "request": as_anybody_sends(route, sent), "answer": answer}
        with Path(folder, f"{os.getpid()}.jsonl").open("a", encoding="utf-8") as notes:
            notes.write(json.dumps(noted) + "\n")


def as_anybody_sends(route: Route, sent: Any) -> Any:
    """Return what makes a thing without the ids that it need not name: what they name exists in no other place."""
    if route.body is None or route.status != HTTPStatus.CREATED or not isinstance(sent, dict):
        return sent
    fields_of_body = route.body().fields
    return {name: value for name, value in sent.items() if not _is_optional_id(fields_of_body.get(name))}


def _is_optional_id(field: Any) -> bool:
    inner = field.inner if isinstance(field, fields.List) else field
    return isinstance(inner, Identifier) and not field.required


def chosen(notes: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the best example of each operation, by its name."""
    of_operation: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for each in notes:
        parts = {name: _shortened(each[name]) for name in ("request", "answer") if each[name] is not None}
        if parts:
            of_operation[each["operation"]].append(settled(parts))
    return {operation: min(found, key=_rank) for operation, found in sorted(of_operation.items())}


def settled(example: dict[str, Any]) -> dict[str, Any]:
    """Return an example with ids, days, moments and signatures that are the same in every run."""
    text = _TIME.sub("T08:00:00", json.dumps(example, ensure_ascii=False))
    for pattern, instead in _RANDOM:
        text = pattern.sub(instead, text)
    known = {old: f"018f0000-0000-7000-8000-{place:012x}" for place, old in enumerate(_distinct(_ID, text), 1)}
    days = dict(_moved(sorted(_distinct(_DAY, text))))
    whole: dict[str, Any] = json.loads(_DAY.sub(lambda day: days[day[0]], _ID.sub(lambda old: known[old[0]], text)))
    return whole


def _moved(days: list[str]) -> Iterator[tuple[str, str]]:
    """Yield each day with the one that takes its place: the same order, near ones as near, whole years between far ones."""
    at, before = FIRST_DAY, None
    for text in days:
        try:
            day = date.fromisoformat(text)
        except ValueError:
            continue
        gap = (day - before).days if before else 0
        years, at_most = round(gap / 365), 31
        at += timedelta(days=gap if gap <= at_most else years * 365 or at_most)
        before = day
        yield text, at.isoformat()


def _distinct(pattern: re.Pattern[str], text: str) -> list[str]:
    return list(dict.fromkeys(pattern.findall(text)))


def _shortened(part: Any) -> Any:
    if isinstance(part, list):
        return [_shortened(each) for each in part[: 1 if part and isinstance(part[0], dict) else FEW]]
    return {name: _shortened(each) for name, each in part.items()} if isinstance(part, dict) else part


def _rank(example: dict[str, Any]) -> tuple[int, int, str]:
    text = json.dumps(example, ensure_ascii=False, sort_keys=True)
    return _empty(example), len(text), text


def _empty(part: Any) -> int:
    """Count what shows nothing: null, an empty list or text."""
    if isinstance(part, dict):
        return sum(map(_empty, part.values())) if part else 1
    if isinstance(part, list):
        return sum(map(_empty, part)) if part else 1
    return int(part is None or part == "")


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        run = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "answers", *TESTS]
        code = subprocess.run(run, cwd=ROOT, env={**os.environ, FOLDER: folder}, check=False).returncode
        lines = [line for file in sorted(Path(folder).glob("*.jsonl")) for line in file.read_text().splitlines()]
    examples = chosen(map(json.loads, lines))
    for service in declared():
        own = {route.operation for routes in service.routes for route in routes.declared}
        _write(service.folder / FILE, {name: found for name, found in examples.items() if name in own})
        examples = {name: found for name, found in examples.items() if name not in own}
    _write(SHARED, examples)
    return code


def _write(file: Path, examples: Mapping[str, Any]) -> None:
    lines = (f"{json.dumps(name)}: {json.dumps(found, ensure_ascii=False)}" for name, found in examples.items())
    file.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
