"""What can be imported from a spreadsheet: the columns follow from the request of the same command of the API.

A row becomes the body of that request and is judged by the same schema and the same command. Its natural key says which
entry it stands for, so that the same row again changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from marshmallow import Schema, ValidationError, fields

from services.enrollment import commands
from services.enrollment.enterprise import Enterprise
from services.enrollment.participant import name_key
from services.enrollment.refusals import refused
from services.enrollment.schemas import RegisterEnterprise, RegisterInstitution, RegisterParticipant
from shared.errors import Fault
from shared.web.columns import Column, columns_of
from shared.web.faults import faults_of
from shared.web.fields import Flag, IsoDate, Text, Whole
from shared.web.sheets import Cell, SheetRow

YES: Final = ("true", "ya", "yes", "1")
NO: Final = ("false", "tidak", "no", "0")
LANGUAGES: Final = ("id", "en")
_EXAMPLES: Final = re.compile(r"-?\d+")


class ImportParticipant(RegisterParticipant):
    """A sheet may name the enterprise by its NIB, which people know, in place of its id."""

    enterprise_id = fields.UUID()
    enterprise_nib = Text(longest=20)


def register_participant(**row: Any) -> Any:
    nib = row.pop("enterprise_nib", None)
    if "enterprise_id" not in row:
        enterprise = Enterprise.objects(nib=nib).first() if nib else None
        if enterprise is None:
            raise refused("/enterprise_nib", "unknown-enterprise")
        row["enterprise_id"] = enterprise.id
    return commands.register_participant(**row)


@dataclass(frozen=True, slots=True)
class ImportKind:
    """`key` gives a row's natural key; `permits` who may import it."""

    name: str
    schema: type[Schema]
    command: Callable[..., Any]
    key: Callable[[Mapping[str, Any]], tuple[str, ...]]
    permits: tuple[str, ...]
    choices: Mapping[str, Sequence[str]]

    @property
    def columns(self) -> list[Column]:
        return list(columns_of(self.schema(), loading=True))


def _enterprise_key(row: Mapping[str, Any]) -> tuple[str, ...]:
    if row.get("nib"):
        return ("nib", row["nib"])
    return (row["legal_form"], name_key(row["name"]), row["province"], name_key(row.get("place", "")))


def _participant_key(row: Mapping[str, Any]) -> tuple[str, ...]:
    of = str(row.get("enterprise_id") or row.get("enterprise_nib", ""))
    return (of, name_key(row["name"]), row.get("email") or row.get("phone") or "")


KINDS: Final[Mapping[str, ImportKind]] = {
    kind.name: kind
    for kind in (
        ImportKind(
            "institutions",
            RegisterInstitution,
            commands.register_institution,
            lambda row: (row["kind"], name_key(row["name"]), row["province"]),
            ("programme",),
            {},
        ),
        ImportKind(
            "enterprises",
            RegisterEnterprise,
            commands.register_enterprise,
            _enterprise_key,
            ("programme", "provider"),
            {},
        ),
        ImportKind(
            "participants",
            ImportParticipant,
            register_participant,
            _participant_key,
            ("programme", "provider"),
            {},
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Checked:
    """A row as its sheet gives it: the body of the request, or what is wrong with it, column by column."""

    number: int
    body: Mapping[str, Any] | None
    faults: tuple[tuple[str, Fault], ...] = ()


class Sheet:
    """The headings of one file, and its rows read by them. Raises `BadHeadings` when it does not fit the kind."""

    def __init__(self, kind: ImportKind, heading: SheetRow) -> None:
        self._schema = kind.schema()
        self._columns: list[tuple[str, Column | None]] = []
        known = _by_heading(kind)
        faults = []
        for cell in heading.cells:
            column = known.get(_plain(cell.text))
            if column is not None and column.key in [other.key for _, other in self._columns if other]:
                faults.append((cell.text, "column-twice"))
            elif column is None and cell.text:
                faults.append((cell.text, "unknown-column"))
            self._columns.append((cell.text, column))
        given = {column.key for _, column in self._columns if column}
        faults += [(column.key, "column-missing") for column in kind.columns if _needed(column) and column.key not in given]
        if faults:
            raise BadHeadings(faults)

    def check(self, row: SheetRow) -> Checked:
        """The row as a body that the command takes, judged by shape alone."""
        body: dict[str, Any] = {}
        faults: list[tuple[str, Fault]] = []
        numeric = set()
        for place, cell in enumerate(row.cells):
            heading, column = self._columns[place] if place < len(self._columns) else ("", None)
            if cell.fault:
                faults.append((heading, Fault(cell.fault)))
            elif column is None and cell.text:
                faults.append((heading, Fault("beyond-the-columns")))
            elif column is not None and cell.text:
                _put(body, column.key, _value(column.field, cell))
                numeric |= {column.key} if cell.numeric else set()
        if faults:
            return Checked(row.number, None, tuple(faults))
        try:
            return Checked(row.number, self._schema.load(body))
        except ValidationError as wrong:
            found = faults_of(wrong.normalized_messages())  # type: ignore[no-untyped-call]
        return Checked(row.number, None, tuple(self._placed(fault, numeric) for fault in found))

    def heading_of(self, pointer: str | None) -> str:
        """The heading of the column that a pointer into the body means; the field's own name where there is none."""
        key = (pointer or "").strip("/").replace("/", ".")
        known = [(column.key, heading) for heading, column in self._columns if column]
        return next((heading for name, heading in known if f"{key}.".startswith(f"{name}.")), key)

    def _placed(self, fault: Fault, numeric: set[str]) -> tuple[str, Fault]:
        heading = self.heading_of(fault.pointer)
        key = (fault.pointer or "").strip("/").replace("/", ".")
        column = next((column for _, column in self._columns if column and column.key == key), None)
        if key in numeric and column is not None:
            if isinstance(column.field, IsoDate):
                fault = Fault("date-as-number")
            elif isinstance(column.field, fields.String):
                fault = Fault("zeros-lost")
        return heading, fault


class BadHeadings(Exception):
    """Columns that are missing, unknown or given twice: pairs of heading and code."""

    def __init__(self, faults: Sequence[tuple[str, str]]) -> None:
        super().__init__("headings")
        self.faults = tuple(faults)


def owner_of(institution: UUID | None, row: Mapping[str, Any]) -> UUID | None:
    return institution or row.get("provider_id")


def _by_heading(kind: ImportKind) -> dict[str, Column]:
    """Each column by its field's name and by its words in either language."""
    found: dict[str, Column] = {}
    for column in kind.columns:
        for name in (column.key, *(column.called(language) for language in LANGUAGES)):
            found.setdefault(_plain(name), column)
    return found


def _plain(heading: str) -> str:
    return " ".join(heading.casefold().replace("*", " ").split())


def _needed(column: Column) -> bool:
    return bool(column.field.required and not column.key.startswith("consent."))


def _put(body: dict[str, Any], key: str, value: Any) -> None:
    *outer, last = key.split(".")
    for name in outer:
        body = body.setdefault(name, {})
    body[last] = value


def _value(field: fields.Field[Any], cell: Cell) -> Any:
    """The JSON value that a cell stands for; what does not fit stays text and is refused by the schema."""
    text = cell.text
    if isinstance(field, Whole) and _EXAMPLES.fullmatch(text):
        return int(text)
    if isinstance(field, Flag) and text.casefold() in (*YES, *NO):
        return text.casefold() in YES
    if isinstance(field, fields.List):
        return [item for item in re.split(r"[\s,;]+", text) if item]
    return text
