"""Reads what the XML of a workbook's parts says: the elements of the small ones, the shared texts, the rows of a sheet.

Each reader takes beginnings, texts and ends from the parser and keeps nothing that it has given away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, Final, TypeAlias

MOST_COLUMNS: Final = 100
MOST_ROWS: Final = 1_048_576  # of the format, as the next; no more texts are kept either
MOST_CELLS: Final = 16_384  # of a row
LONGEST_FORMAT: Final = 255  # as Excel takes them
_MAIN: Final = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
_TAGS: Final = {
    f"{space} {tag}": tag
    for space in _MAIN
    for tag in ("sheetData", "row", "c", "v", "f", "t", "si", "rPh", "sheet", "workbookPr", "numFmt", "cellXfs", "xf")
} | {"http://schemas.openxmlformats.org/package/2006/relationships Relationship": "Relationship"}
_PLACE: Final = re.compile(r"([A-Z]{1,3})[0-9]+")
_LETTERS: Final = 26
_NO_DATE: Final = re.compile(r'".*?"|\[(?!hh?\]|mm?\]|ss?\])[^\]]*\]')  # texts and colours in a format
_DATE: Final = re.compile(r"(?<![_\\])[dmhys]", re.IGNORECASE)
_ELAPSED: Final = re.compile(r"\[(hh?|mm?|ss?)\]", re.IGNORECASE)
_DATES_BY_NUMBER: Final = frozenset({*range(14, 23), 45, 47})
_ELAPSED_BY_NUMBER: Final = 46
_DAY: Final = timedelta(days=1)
# the hours of a workbook belong to no zone
_FROM_1904: Final = datetime(1904, 1, 1)  # noqa: DTZ001
_FROM_1900: Final = datetime(1899, 12, 30)  # noqa: DTZ001
_DAY_THAT_NEVER_WAS: Final = 60  # 29 February 1900, which a workbook counts

Attributes: TypeAlias = dict[str, str]


class Exhausting(Exception):
    """The file asks for more than is given to one; `code` says of what."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Formula:
    """Stands for what a cell holds in place of a value."""


class ErrorValue:
    """Stands for `#N/A` and its like."""


class PartReader:
    """Takes an element's beginning, text and end; `over` ends the reading before the part does."""

    def __init__(self) -> None:
        self.over = False
        self._done: list[Any] = []

    def taken(self) -> list[Any]:
        done, self._done = self._done, []
        return done

    def start(self, name: str, attributes: Attributes) -> None:
        raise NotImplementedError

    def end(self, name: str) -> None:
        """Take the end of an element."""

    def text(self, data: str) -> None:
        """Take text of an element."""


class ElementReader(PartReader):
    def start(self, name: str, attributes: Attributes) -> None:
        tag = _TAGS.get(name)
        if tag is not None:
            self._done.append((tag, attributes))

    def end(self, name: str) -> None:
        if _TAGS.get(name) == "cellXfs":
            self._done.append(("cellXfs", {}))


class _Collecting(PartReader):
    """Puts the texts of `t` and `v` together, those that only say how to pronounce a word (`rPh`) left out."""

    def __init__(self, longest: int) -> None:
        super().__init__()
        self._longest = longest
        self._collected: list[str] = []
        self._length = 0
        self._listens = self._pronounces = False

    def text(self, data: str) -> None:
        if self._listens and self._length <= self._longest:
            self._collected.append(data)
            self._length += len(data)

    def _listen(self) -> None:
        self._listens = not self._pronounces

    def _whole(self) -> str:
        whole = "".join(self._collected)[: self._longest + 1]
        self._collected.clear()
        self._length = 0
        return whole


class TextReader(_Collecting):
    """Collects the shared texts, each as UTF-8."""

    def start(self, name: str, attributes: Attributes) -> None:
        del attributes
        tag = _TAGS.get(name)
        if tag == "t":
            self._listen()
        elif tag == "rPh":
            self._pronounces = True

    def end(self, name: str) -> None:
        tag = _TAGS.get(name)
        if tag == "t":
            self._listens = False
        elif tag == "si":
            self._done.append(self._whole().replace("x005F_", "").encode())
        elif tag == "rPh":
            self._pronounces = False


class SharedTexts:
    """Gives the texts that cells name by number, read as far as was asked."""

    def __init__(self, texts: Iterator[bytes]) -> None:
        self._texts, self._known = texts, list[bytes]()

    def __getitem__(self, number: int) -> str:
        while number >= len(self._known):
            text = next(self._texts, None)
            if text is None:
                raise IndexError(number)
            self._known.append(text)
            if len(self._known) > MOST_ROWS:
                raise Exhausting("unpacks-too-large")
        return self._known[number].decode()


class SheetReader(_Collecting):
    """Collects the rows of a sheet that have cells, each with its values up to the last that is there."""

    def __init__(self, texts: SharedTexts, formats: list[str], longest: int, *, from_1904: bool) -> None:
        super().__init__(longest)
        self._texts, self._formats, self._from_1904 = texts, formats, from_1904
        self._seen = self._number = self._column = 0
        self._cells: list[Any] = []
        self._kind, self._style, self._computed, self._repeated = "n", "", False, False

    def start(self, name: str, attributes: Attributes) -> None:
        tag = _TAGS.get(name)
        if tag == "c":
            place = attributes.get("r")
            self._column = self._column + 1 if place is None else _column_of(place)
            self._kind, self._style, self._computed = attributes.get("t", "n"), attributes.get("s", ""), False
        elif tag in ("v", "t"):
            self._listen()
        elif tag == "f":
            self._computed = True
        elif tag == "rPh":
            self._pronounces = True
        elif tag == "row":
            self._begin_row(attributes.get("r"))

    def end(self, name: str) -> None:
        tag = _TAGS.get(name)
        if tag in ("v", "t"):
            self._listens = False
        elif tag == "c":
            self._add(self._value(self._whole()))
        elif tag == "rPh":
            self._pronounces = False
        elif tag == "row" and self._cells and not self._repeated:
            self._done.append((self._number, self._cells))
        elif tag == "sheetData":
            self.over = True

    def _begin_row(self, given: str | None) -> None:
        number = self._number + 1 if given is None else int(float(given))
        self._seen += 1
        if number > MOST_ROWS or self._seen > MOST_ROWS:
            raise Exhausting("too-many-rows")
        self._repeated = number <= self._number
        self._number = max(number, self._number)
        self._cells, self._column = [], 0

    def _add(self, value: Any) -> None:
        if self._column > MOST_CELLS:
            raise Exhausting("unpacks-too-large")
        if value is None or self._column > MOST_COLUMNS:
            return
        self._cells += [None] * (self._column - len(self._cells))
        self._cells[self._column - 1] = value

    def _value(self, text: str) -> Any:
        if self._computed:
            return Formula
        if not text:
            return None
        match self._kind:
            case "s":
                value: Any = self._texts[int(text)]
            case "n":
                value = self._number_or_date(text)
            case "b":
                value = bool(int(text))
            case "e":
                value = ErrorValue
            case "d":
                value = (datetime if "T" in text else date).fromisoformat(text)
            case _:
                value = text
        return value

    def _number_or_date(self, text: str) -> Any:
        number = float(text) if "." in text or "e" in text.lower() else int(text)
        kind = self._formats[int(self._style)] if self._style and self._formats else ""
        if not kind:
            return number
        try:
            return _moment(number, elapsed=kind == "elapsed", from_1904=self._from_1904)
        except (OverflowError, ValueError):
            return ErrorValue


def _column_of(place: str) -> int:
    letters = _PLACE.fullmatch(place)
    if letters is None:
        raise ValueError("no such cell")
    column = 0
    for letter in letters[1]:
        column = column * _LETTERS + ord(letter) - ord("A") + 1
    return column


def kind_of_format(number: int, own: str | None) -> str:
    """Return what the numbers of this format mean: `date`, `elapsed` or neither."""
    if own is None:
        return "elapsed" if number == _ELAPSED_BY_NUMBER else "date" if number in _DATES_BY_NUMBER else ""
    shown = own.split(";")[0]
    if not _DATE.search(_NO_DATE.sub("", shown)):
        return ""
    return "elapsed" if _ELAPSED.search(shown) else "date"


def _moment(days: float, *, elapsed: bool, from_1904: bool) -> date | time | timedelta:
    """Return what a number of days stands for; of less than one the time of a day."""
    whole, fraction = divmod(days, 1)
    rest = timedelta(milliseconds=round(fraction * _DAY.total_seconds() * 1_000))
    if elapsed:
        return timedelta(days=whole) + rest
    if 0 <= days < 1 and rest < _DAY:
        return (_FROM_1900 + rest).time()
    if from_1904:
        return _FROM_1904 + timedelta(days=whole) + rest
    return _FROM_1900 + timedelta(days=whole + (0 < days < _DAY_THAT_NEVER_WAS)) + rest
