"""The first rows of a file, read in a process of its own: the same rows, and nobody is held up or waited for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from shared.tabular import preview
from shared.tabular.media_types import CSV, XLSX
from shared.tabular.preview import Busy, Previews
from shared.tabular.reader import Unreadable, read_rows
from tests.platform.tabular.test_hostile_sheets import STRINGS, texts, workbook
from tests.support.waiting import until

READING: dict[str, Any] = {"most_unpacked": 60_000_000, "most_rows": 10_000, "most_seconds": 60.0}
LIMITS: dict[str, Any] = {**READING, "most_memory": 500_000_000, "rows": 20, "places": 2}
ASKING = '<row r="2"><c r="A2" t="s"><v>900000</v></c></row>'


def rows_of_people(count: int) -> bytes:
    return b"Nama,Umur,Rumus\n" + b"".join(b"Orang %d,\xc3\xa9,=1\n" % number for number in range(count))


FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "text": (lambda: rows_of_people(7), CSV),
    "a long text": (lambda: rows_of_people(700), CSV),
    "a workbook": (lambda: workbook('<row r="7"><c r="B7"><v>0012</v></c><c r="D7"><f>1</f><v>1</v></c></row>'), XLSX),
    "nothing": (lambda: b"", CSV),
}


@pytest.mark.parametrize("kind", FILES)
def test_the_first_rows_are_those_that_the_reader_gives(kind: str) -> None:
    make, media_type = FILES[kind]
    found = Previews().rows("a", make(), media_type, **LIMITS)
    assert found == list(read_rows(make(), media_type, **READING))[: LIMITS["rows"]]


@pytest.mark.parametrize(
    ("data", "media_type", "changed", "refusal"),
    [
        (b"x", XLSX, {}, ("not-xlsx", None)),
        (b"a\n\xff", CSV, {}, ("not-utf8-csv", 2)),
        (b"a\n" + b"#,a\n" * 1_000_000, CSV, {}, ("too-many-rows", 100_011)),
        (b"a\n" + b"#\n" * 90_000, CSV, {"most_seconds": 0.001}, None),
    ],
)
def test_what_cannot_be_read_is_refused_as_by_the_reader(
    data: bytes, media_type: str, changed: dict[str, Any], refusal: tuple[str, int | None] | None
) -> None:
    with pytest.raises(Unreadable) as refused:
        Previews().rows("a", data, media_type, **{**LIMITS, **changed})
    assert refusal in (None, (refused.value.code, refused.value.row))


def test_a_file_that_would_fill_the_memory_is_refused() -> None:
    hungry = workbook(ASKING, **{STRINGS: texts(f"<si><t>{'x' * 30}</t></si>" * 1_000_000)})
    with pytest.raises(Unreadable) as refused:
        Previews().rows("a", hungry, XLSX, **{**LIMITS, "most_memory": 60_000_000})
    assert refused.value.code == "unpacks-too-large"


def test_little_is_given_back_of_a_file_that_unpacks_to_much() -> None:
    row = "<row>" + '<c t="s"><v>0</v></c>' * 100 + "</row>"
    wide = workbook(row * 500, **{STRINGS: texts(f"<si><t>{'x' * 1_000}</t></si>")})
    assert len(Previews().rows("a", wide, XLSX, **{**LIMITS, "rows": 501})) < 15


@pytest.fixture
def endless(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], int]]:
    """Files whose reading does not end, until the block does; how many are being read."""
    monkeypatch.setattr(preview, "_COMMAND", ("/bin/sh", "-c", f"touch {tmp_path}/$$; exec sleep 600"))
    yield lambda: len(list(tmp_path.iterdir()))
    end_them()


def end_them() -> None:
    for child in being_read():
        child.kill()


def being_read() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if child.name() in ("sh", "sleep")]


def test_a_sender_has_one_file_read_at_a_time_and_nobody_waits_for_a_place(endless: Callable[[], int]) -> None:
    previews = Previews()

    def read(sender: str) -> None:
        with pytest.raises(Exception, match="sleep"):
            previews.rows(sender, b"", CSV, **LIMITS)

    threads = [threading.Thread(target=read, args=(sender,)) for sender in "ab"]
    for number, thread in enumerate(threads, start=1):
        thread.start()
        until(lambda: endless() == number, "a process that reads")  # noqa: B023 - asked before the next
    for sender in "abc":
        with pytest.raises(Busy):
            previews.rows(sender, b"", CSV, **LIMITS)
    assert endless() == 2
    end_them()
    for thread in threads:
        thread.join()


@pytest.mark.usefixtures("endless")
def test_a_process_that_takes_too_long_is_ended_and_its_place_is_free_again() -> None:
    previews = Previews()
    for _ in range(2):
        with pytest.raises(Busy):
            previews.rows("a", b"", CSV, **{**LIMITS, "most_seconds": 0.01})
    assert being_read() == []
