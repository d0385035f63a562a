"""What the pages of security say is shown by a test is: the test exists, and so does every place that they refer to.

No requirement of OWASP ASVS 5.0.0 up to level 2 is passed over, and none is called met without a test.
"""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from shared.kernel.service import ROOT

PAGES = {name: (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8") for name in ("security", "asvs")}
NAMED = re.compile(r"`((?:tests|bench)/[\w/]+\.py)::(\w+)`")
LINK = re.compile(r"\]\(([a-z0-9/.-]*\.md)?(#[a-z0-9-]+)?\)")
LINE = re.compile(r"\| (\d+\.\d+\.\d+)(?: to (\d+\.\d+\.\d+))? \| ([12](?:, 2)?) \| (.+) \| ([a-z ]+) \| (.+) \|")
STATES = {"met", "in part", "written", "operator", "not met", "no"}
SHOWN = {"met", "in part"}

# how many requirements of levels 1 and 2 each section has; those of level 3 have the numbers behind them
SECTIONS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1, "3.2": 2, "3.3": 4, "3.4": 6,
    "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4, "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3, "6.1": 3, "6.2": 12,
    "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2, "8.1": 2,
    "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11, "10.5": 5, "10.6": 2,
    "10.7": 3, "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1, "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1,
    "13.2": 5, "13.3": 2, "13.4": 5, "14.1": 2, "14.2": 4, "14.3": 3, "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5,
    "16.3": 4, "16.4": 3, "16.5": 3, "17.1": 1, "17.2": 4, "17.3": 2,
}  # fmt: skip


@cache
def functions(file: str) -> frozenset[str]:
    """The names of the tests that a file holds; none where there is no such file."""
    path = ROOT / file
    tree = ast.parse(path.read_text(encoding="utf-8")) if path.is_file() else ast.Module([], [])
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


@cache
def headings(file: str) -> frozenset[str]:
    """The places within a page that can be linked."""
    lines = re.findall(r"^#+ (.+)$", (ROOT / "docs" / file).read_text(encoding="utf-8"), re.MULTILINE)
    return frozenset(re.sub(r"[^\w\- ]", "", line.lower()).replace(" ", "-") for line in lines)


def rows() -> list[tuple[list[str], str, str]]:
    """Of each line of the table: the ids that it is about, its state, and how."""
    found = []
    for line in PAGES["asvs"].splitlines():
        if not re.match(r"\| \d", line):
            continue
        cells = LINE.fullmatch(line)
        assert cells, f"not five cells in the usual form: {line}"
        section, _, first = cells[1].rpartition(".")
        last = (cells[2] or cells[1]).removeprefix(f"{section}.")
        found.append(([f"{section}.{number}" for number in range(int(first), int(last) + 1)], cells[5], cells[6]))
    return found


@pytest.mark.parametrize("page", PAGES)
def test_every_test_that_is_named_exists(page: str) -> None:
    named = NAMED.findall(PAGES[page])
    assert named
    assert [f"{file}::{name}" for file, name in named if name not in functions(file)] == []
    unread = [line for line in PAGES[page].splitlines() if line.count("::") != len(NAMED.findall(line))]
    assert unread == [], "a test is named as `tests/.../test_x.py::test_y`"


@pytest.mark.parametrize("page", PAGES)
def test_every_place_that_is_linked_exists(page: str) -> None:
    for file, place in LINK.findall(PAGES[page]):
        target = file or f"{page}.md"
        assert (ROOT / "docs" / target).is_file(), target
        assert not place or place[1:] in headings(target), f"{target}{place}"


def test_no_requirement_is_passed_over() -> None:
    wanted = [f"{section}.{number}" for section, count in SECTIONS.items() for number in range(1, count + 1)]
    assert [one for ids, _, _ in rows() for one in ids] == wanted


def test_what_is_met_names_a_test_and_what_is_written_a_page() -> None:
    for ids, state, how in rows():
        assert state in STATES, ids
        assert bool(NAMED.search(how)) == (state in SHOWN), f"{ids} {state}"
        if state in ("written", "operator"):
            assert LINK.search(how) or "/openapi.json" in how, f"{ids} {state}"


def test_what_is_not_met_is_said_at_the_end() -> None:
    missing = {one for ids, state, _ in rows() if state == "not met" for one in ids}
    said = PAGES["asvs"].partition("## What is not met")[2].partition("## ")[0]
    assert set(re.findall(r"\d+\.\d+\.\d+", said)) == missing


def test_every_promise_is_shown() -> None:
    """A table of promises has a test in each of its lines."""
    tables = re.findall(r"^\|.*\bpromise\b.*\|\n\|[-|]+\|\n((?:\|.*\n)+)", PAGES["security"], re.MULTILINE)
    assert len(tables) == PAGES["security"].count("promise | shown by")
    for table in tables:
        assert [line for line in table.splitlines() if not NAMED.search(line)] == []
