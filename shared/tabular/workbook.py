"""Reads the first sheet of an XLSX workbook a row at a time, within bounds that nothing in the file can move.

What is kept is one row and those shared texts that were asked for so far; a gap between two rows costs nothing; the work has
an end in seconds, however the file is made. Cells beyond `MOST_COLUMNS` and the ends of long texts are left out.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator
from itertools import chain
from time import thread_time
from typing import Any, Final, TypeAlias
from xml.parsers.expat import ParserCreate

from shared.tabular.workbook_parts import (
    LONGEST_FORMAT,
    Attributes,
    ElementReader,
    Exhausting,
    PartReader,
    SharedTexts,
    SheetReader,
    TextReader,
    kind_of_format,
)

MOST_PARTS: Final = 500  # files inside a workbook
MOST_FORMATS: Final = 65_490  # as Excel takes them
PIECE: Final = 65_536  # bytes of XML that are read at once
LONGEST_TOKEN: Final = 4 * PIECE  # of a tag, a comment: what the parser has to hold until its end
_PART: Final = b"PK\x01\x02"  # how the entry of a part begins

Row: TypeAlias = tuple[int, list[Any]]


def sheet_rows(data: bytes, *, most_unpacked: int, most_seconds: float, longest: int) -> Iterator[Row]:
    """Return number and values of each row with cells; texts end behind `longest`. What is broken raises all sorts of errors."""
    if data.count(_PART) > MOST_PARTS:
        raise Exhausting("unpacks-too-large")
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        if sum(part.file_size for part in package.infolist()) > most_unpacked:
            raise Exhausting("unpacks-too-large")
        yield from _Workbook(package, most_seconds, longest).rows()


class _Workbook:
    def __init__(self, package: zipfile.ZipFile, most_seconds: float, longest: int) -> None:
        self._package, self._longest = package, longest
        self._seconds = most_seconds

    def rows(self) -> Iterator[Row]:
        book = self._related("", "/officeDocument")[0][1]
        named: list[str] = []
        from_1904 = False
        for tag, attributes in self._elements(book):
            if tag == "sheet":
                named += [value for name, value in attributes.items() if name.endswith("relationships id")]
            elif tag == "workbookPr":
                from_1904 = attributes.get("date1904") in ("1", "true")
        pages = dict(self._related(book, "/worksheet"))
        (first, *_others) = (pages[sheet] for sheet in named if sheet in pages)
        texts = SharedTexts(chain.from_iterable(map(self._texts, self._parts(book, "/sharedStrings"))))
        formats = list(chain.from_iterable(map(self._formats, self._parts(book, "/styles"))))
        yield from self._read(first, SheetReader(texts, formats, self._longest, from_1904=from_1904))

    def _parts(self, book: str, kind: str) -> list[str]:
        return [part for _, part in self._related(book, kind)][:1]

    def _related(self, part: str, kind: str) -> list[tuple[str, str]]:
        """Return the ids and parts that a part names as of some kind."""
        folder, name = posixpath.split(part)
        found = []
        for tag, attributes in self._elements(posixpath.join(folder, "_rels", f"{name}.rels")):
            if tag == "Relationship" and attributes["Type"].endswith(kind):
                target = posixpath.normpath(posixpath.join("/", folder, attributes["Target"])).lstrip("/")
                found.append((attributes["Id"], target))
        return found

    def _formats(self, part: str) -> list[str]:
        """Return of each format of cells whether it shows a `date`, a time that has `elapsed`, or neither."""
        own: dict[str, str] = {}
        kinds: list[str] = []
        inside = False
        for tag, attributes in self._elements(part):
            if tag == "numFmt" and len(attributes["formatCode"]) <= LONGEST_FORMAT:
                own[attributes["numFmtId"]] = attributes["formatCode"]
            elif tag == "cellXfs":
                inside = not inside
            elif tag == "xf" and inside:
                number = attributes.get("numFmtId", "0")
                kinds.append(kind_of_format(int(number), own.get(number)))
            if len(kinds) > MOST_FORMATS or len(own) > MOST_FORMATS:
                raise Exhausting("unpacks-too-large")
        return kinds

    def _elements(self, part: str) -> Iterator[tuple[str, Attributes]]:
        """Yield the beginnings of the known elements of a part; of `cellXfs` also the end, without attributes."""
        return self._read(part, ElementReader())

    def _texts(self, part: str) -> Iterator[bytes]:
        return self._read(part, TextReader(self._longest))

    def _read(self, part: str, reader: PartReader) -> Iterator[Any]:
        """Yield what a reader makes of a part, piece by piece."""
        parser = ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
        parser.CharacterDataHandler = reader.text
        parser.StartDoctypeDeclHandler = _refuse_declarations
        with self._package.open(part) as source:
            fed, last = 0, False
            while not (last or reader.over):
                began = thread_time()
                piece = source.read(PIECE)
                last = not piece
                parser.Parse(piece, last)
                fed += len(piece)
                self._seconds -= thread_time() - began
                if self._seconds < 0 or fed - parser.CurrentByteIndex > LONGEST_TOKEN:
                    raise Exhausting("unpacks-too-large")
                yield from reader.taken()


def _refuse_declarations(*_declared: Any) -> None:
    raise ValueError("a workbook declares no entities")
