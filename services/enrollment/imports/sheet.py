"""Reads the rows of a spreadsheet against the columns of its kind, and notes what is wrong with each cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from typing import Any, Final, TypeAlias

from marshmallow import ValidationError, fields, validate

from services.enrollment.imports.kinds import KINDS, ImportKind
from services.enrollment.imports.labels import ALSO_READ, CHOICES, FORMER_HEADINGS, WORDS
from services.enrollment.imports.labels import KINDS as KIND_NAMES
from services.enrollment.imports.model import Import, RowError
from services.enrollment.tax_numbers.keys import tax_number_keys
from shared.domain.sealing import sealed
from shared.i18n.formats import written_day, written_number
from shared.i18n.labels import in_language
from shared.i18n.languages import DEFAULT, LANGUAGES
from shared.i18n.messages import fault_text
from shared.kernel.errors import Fault
from shared.kernel.message import Message
from shared.tabular.columns import Column
from shared.tabular.reader import SheetRow, Unreadable
from shared.web.faults import faults_of
from shared.web.fields import Choice, Flag, IsoDate, Rupiah, Whole
from shared.web.pages.forms.wording import message_about

Reader: TypeAlias = Callable[[str], Any]

YES: Final = ("true", "ya", "yes", "1")

NO: Final = ("false", "tidak", "no", "0")

HEADINGS_NAMED: Final = 12  # of those that are wrong
LONGEST_HEADING: Final = 60  # characters of one

LONGEST_SHOWN: Final = 200  # characters of a refused cell
_DIGITS: Final = re.compile(r"-?\d+")


def import_fault(code: str, *, pointer: str = "", **values: object) -> Fault:
    return Fault(code, Message(WORDS[code].msgid, values), pointer=pointer)


@dataclass(frozen=True, slots=True)
class Checked:
    """A row as its sheet gives it: the body of the request, or what is wrong with it, column by column; `texts` by heading."""

    number: int
    body: Mapping[str, Any] | None
    faults: tuple[tuple[str, Fault], ...] = ()
    headings: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)

    def heading_of(self, pointer: str | None) -> str:
        """Return the heading of the column that a pointer into the body means; the field's own name where there is none."""
        key = _key_of(pointer)
        return next((heading for name, heading in self.headings.items() if f"{key}.".startswith(f"{name}.")), key)


class Sheet:
    """The headings of one file, and its rows read by them. Raises `BadHeadings` when it does not fit the kind."""

    def __init__(self, kind: ImportKind, heading: SheetRow, language: str = DEFAULT) -> None:
        self._language = language
        self._schema = kind.schema()
        self._columns: list[tuple[str, Column | None]] = []
        self._readers: list[Reader | None] = []
        by_heading = _by_heading(kind)
        twice, unknown = [], []
        for cell in heading.cells:
            column = by_heading.get(_plain(cell.text))
            if column is not None and column.key in [other.key for _, other in self._columns if other]:
                twice.append(cell.text)
            elif column is None and cell.text:
                unknown.append(cell.text)
            self._columns.append((cell.text, column))
            self._readers.append(_reader_of(column) if column else None)
        self._headings = {column.key: heading for heading, column in self._columns if column}
        missing = [
            column.called(language) for column in kind.columns if _needed(column) and column.key not in self._headings
        ]
        if unknown or missing or twice:
            raise BadHeadings(
                _other_kind(kind, heading)
                or [
                    _about_columns(code, headings)
                    for code, headings in (
                        ("column-twice", twice),
                        ("unknown-column", unknown),
                        ("column-missing", missing),
                    )
                    if headings
                ]
            )

    def check(self, row: SheetRow) -> Checked:
        """Return the row as a body that the command takes, judged by shape alone."""
        body: dict[str, Any] = {}
        faults: list[tuple[str, Fault]] = []
        texts: dict[str, str] = {}
        numeric: set[str] = set()
        for place, cell in enumerate(row.cells):
            heading, column = self._columns[place] if place < len(self._columns) else ("", None)
            texts[heading] = cell.text
            if cell.fault:
                faults.append((heading, import_fault(cell.fault)))
            elif column is None and cell.text:
                faults.append((heading, import_fault("beyond-the-columns")))
            elif column is not None and cell.text:
                read = self._readers[place]
                _set_nested(body, column.key, read(cell.text) if read else cell.text)
                if cell.numeric:
                    numeric.add(column.key)
        if faults:
            return Checked(row.number, None, tuple(faults), self._headings, texts)
        try:
            return Checked(row.number, self._schema.load(body), (), self._headings, texts)
        except ValidationError as wrong:
            refusals = faults_of(wrong.normalized_messages())  # type: ignore[no-untyped-call]
        wrong_row = Checked(row.number, None, (), self._headings, texts)
        placed: dict[tuple[str, str], Fault] = {}
        for refusal in refusals:
            fault = self._reworded(refusal, numeric)
            placed.setdefault((wrong_row.heading_of(refusal.pointer), fault.code), fault)
        return replace(wrong_row, faults=tuple((heading, fault) for (heading, _), fault in placed.items()))

    def _reworded(self, fault: Fault, numeric: set[str]) -> Fault:
        """Return the fault of a cell in words that say what became of a number where none belongs."""
        key = _key_of(fault.pointer)
        columns = [column for _, column in self._columns if column]
        column = next((column for column in columns if f"{key}.".startswith(f"{column.key}.")), None)
        if key in numeric and column is not None:
            if isinstance(column.field, IsoDate):
                return import_fault("date-as-number", pointer=fault.pointer or "")
            if isinstance(column.field, fields.String) and not isinstance(column.field, Choice):
                return import_fault("zeros-lost", pointer=fault.pointer or "")
        field = column.field.inner if column and isinstance(column.field, fields.List) else column and column.field
        words = None if field is None or fault.detail else message_about(fault.code, field, self._language)
        return fault if words is None else replace(fault, detail=words)


class BadHeadings(Exception):
    """Columns that are missing, unknown or given twice, each kind of fault once with the headings that it is about; or a sheet
    of another kind, which is the only fault then.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("headings")
        self.faults = tuple(faults)


def _by_heading(kind: ImportKind) -> dict[str, Column]:
    """Return each column by its field's name, by its words in either language, and by those of earlier templates."""
    by_heading: dict[str, Column] = {}
    for column in kind.columns:
        for name in (column.key, *(column.called(language) for language in LANGUAGES)):
            by_heading.setdefault(_plain(name), column)
    for column in kind.columns:
        by_heading.setdefault(_plain(column.called(DEFAULT, FORMER_HEADINGS)), column)
    return by_heading


def _about_columns(code: str, headings: Sequence[str]) -> Fault:
    shown = ", ".join(heading[:LONGEST_HEADING] for heading in headings[:HEADINGS_NAMED])
    return import_fault(code, pointer="/columns", columns=f"{shown}, …" if len(headings) > HEADINGS_NAMED else shown)


def _other_kind(chosen: ImportKind, heading: SheetRow) -> list[Fault]:
    """Return the fault of a sheet that fits another kind better than the one that was chosen; none where none does."""
    known = {kind.name: _known_headings(kind, heading) for kind in KINDS.values()}
    likely = max(known, key=lambda name: known[name])
    if known[likely] == known[chosen.name]:
        return []
    return [import_fault("other-kind", pointer="/columns", kind=Message(KIND_NAMES[likely]))]


def _known_headings(kind: ImportKind, heading: SheetRow) -> int:
    by_heading = _by_heading(kind)
    return len({column.key for cell in heading.cells if (column := by_heading.get(_plain(cell.text)))})


def _key_of(pointer: str | None) -> str:
    return (pointer or "").strip("/").replace("/", ".")


def _plain(heading: str) -> str:
    return " ".join(heading.casefold().replace("*", " ").split())


def _needed(column: Column) -> bool:
    return bool(column.field.required and not column.key.startswith("consent."))


def _set_nested(body: dict[str, Any], key: str, value: Any) -> None:
    *outer, last = key.split(".")
    for name in outer:
        body = body.setdefault(name, {})
    body[last] = value


def _reader_of(column: Column) -> Reader | None:
    """Return how the text of a cell becomes the JSON value that it stands for; what does not fit stays text and is refused by
    the schema. None where every text stays as it is.
    """
    field = column.field
    if isinstance(field, Choice):
        codes = _codes_by_text(column)
        return lambda text: codes.get(_plain(text), text)
    if isinstance(field, fields.List):
        return partial(_listed, _codes_by_text(column))
    return next((read for kind, read in READERS if isinstance(field, kind)), None)


def _flag(text: str) -> bool | str:
    return text.casefold() in YES if text.casefold() in (*YES, *NO) else text


def _money(text: str) -> dict[str, Any] | str:
    amount = _whole(text)
    return {"amount": amount, "currency": "IDR"} if isinstance(amount, int) else text


def _whole(text: str) -> int | str:
    """Return a whole number as Indonesians write it, with points between thousands or without."""
    number = int(text) if _DIGITS.fullmatch(text) else written_number(text, DEFAULT)
    return number if isinstance(number, int) else text


def _listed(codes: Mapping[str, str], text: str) -> list[str]:
    """Return the codes in a cell: words that hold spaces stand between commas, codes may stand between spaces."""
    items: list[str] = []
    for part in re.split(r"[,;\n]+", text):
        known = codes.get(_plain(part))
        items += [known] if known else [codes.get(_plain(item), item) for item in part.split()]
    return items


def choices_of(field: fields.Field[Any]) -> list[str]:
    """Return the codes of a closed list; none where the field is open."""
    inner = field.inner if isinstance(field, fields.List) else field
    return [str(code) for check in inner.validators if isinstance(check, validate.OneOf) for code in check.choices]


READERS: Final = ((Rupiah, _money), (Whole, _whole), (IsoDate, written_day), (Flag, _flag))


def words_of(column: Column, language: str) -> dict[str, str]:
    """Return what the codes of a closed column are called in a sheet."""
    labels = CHOICES.get(column.key, {})
    return {code: in_language(labels.get(code, code), language) for code in choices_of(column.field)}


def _codes_by_text(column: Column) -> dict[str, str]:
    """Return the codes of a closed list by the texts that mean them: the code, and its words in either language."""
    texts = {_plain(code): code for code in choices_of(column.field)}
    for language in LANGUAGES:
        texts = {_plain(words): code for code, words in words_of(column, language).items()} | texts
    return {**ALSO_READ.get(column.key, {}), **texts}


def checked(kind: str, rows: Iterator[SheetRow], language: str) -> Iterator[Checked]:
    """Return the rows behind the heading, each judged by shape. Raises `BadHeadings`, `Unreadable` where there is none."""
    heading = next(rows, None)
    sheet = Sheet(KINDS[kind], heading, language) if heading else None
    first = next(rows, None)
    if sheet is None or first is None:
        raise Unreadable("no-rows")
    return map(sheet.check, chain([first], rows))


def error_of(row: int | None, heading: str, fault: Fault, language: str) -> RowError:
    return RowError(row=row, column=heading, code=fault.code, detail=fault_text(fault, language))


def errors_of(row: Checked, job: Import) -> list[RowError]:
    """Return what is wrong with a row, each with the text of its cell, sealed as the file is."""
    errors = [error_of(row.number, heading, fault, job.language) for heading, fault in row.faults]
    for error in errors:
        text = row.texts.get(error.column, "")[:LONGEST_SHOWN]
        error.value = sealed(text.encode(), job.id, tax_number_keys()) if text else None
    return errors
