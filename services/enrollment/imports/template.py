"""The file to fill in: headings in the caller's language, a line of help, the choices of closed columns.

The line of help begins with `#`, so it may stay in the file.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any, Final

import xlsxwriter
from marshmallow import fields
from xlsxwriter.worksheet import Worksheet

from services.enrollment.imports.kinds import ImportKind
from services.enrollment.imports.sheet import choices_of, words_of
from shared.i18n.catalogues import catalogues
from shared.kernel.message import gettext_noop
from shared.tabular.columns import Column
from shared.tabular.reader import COMMENT
from shared.tabular.xlsx_writer import WIDTH
from shared.web.fields import Email, Flag, Identifier, IsoDate, Phone, Whole

ROWS: Final = 10_000
YES_WORD, NO_WORD = gettext_noop("yes"), gettext_noop("no")
NEEDED: Final = gettext_noop("needed")
HELP: Final[Mapping[str, str]] = {
    "choice": gettext_noop("one of the list"),
    "choices": gettext_noop("some of the list, with commas between"),
    "date": gettext_noop("a date like 28-11-2026"),
    "whole": gettext_noop("a whole number"),
    "flag": gettext_noop("yes or no"),
    "phone": gettext_noop("such as 081234567890, or with country code"),
    "email": gettext_noop("an e-mail address"),
    "identifier": gettext_noop("an ID from an exported list"),
    "text": gettext_noop("text"),
}


def template_csv(kind: ImportKind, language: str) -> bytes:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(column.called(language) for column in kind.columns)
    writer.writerow(_help(kind.columns, language))
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def template_xlsx(kind: ImportKind, language: str) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet(kind.name)
        lists = book.add_worksheet("lists")
        lists.hide()
        text, bold = book.add_format({"num_format": "@"}), book.add_format({"bold": True, "bottom": 1})
        quiet = book.add_format({"italic": True, "text_wrap": True, "valign": "top"})
        sheet.freeze_panes(1, 0)
        for place, (column, help_line) in enumerate(zip(kind.columns, _help(kind.columns, language), strict=True)):
            sheet.set_column(place, place, WIDTH, None if isinstance(column.field, (Whole, IsoDate)) else text)
            sheet.write_string(0, place, column.called(language), bold)
            sheet.write_string(1, place, help_line, quiet)
            _offer(sheet, lists, place, column, language)
    return file.getvalue()


def _offer(sheet: Worksheet, lists: Worksheet, place: int, column: Column, language: str) -> None:
    """Offer a list to choose from in every row of a closed column."""
    choices = _choices(column, language)
    if not choices or isinstance(column.field, fields.List):
        return
    for line, choice in enumerate(choices):
        lists.write_string(line, place, choice)
    letters = xlsxwriter.utility.xl_col_to_name(place)
    source = f"=lists!${letters}$1:${letters}${len(choices)}"
    sheet.data_validation(2, place, ROWS + 1, place, {"validate": "list", "source": source})


def _choices(column: Column, language: str) -> list[str]:
    """Return what can be chosen in a column, in words."""
    if isinstance(column.field, Flag):
        return [catalogues().gettext(language, word) for word in (YES_WORD, NO_WORD)]
    return list(words_of(column, language).values())


def _help(columns: list[Column], language: str) -> list[str]:
    lines = [_meaning(column, language) for column in columns]
    return [f"{COMMENT} {lines[0]}", *lines[1:]]


def _meaning(column: Column, language: str) -> str:
    text = catalogues().gettext(language, HELP[_form(column.field)])
    choices = list(words_of(column, language).values())
    if choices:
        text = f"{text}: {', '.join(choices)}"
    needed = column.field.required and "." not in column.key
    return f"{text} ({catalogues().gettext(language, NEEDED)})" if needed else text


def _form(field: fields.Field[Any]) -> str:
    if choices_of(field):
        return "choices" if isinstance(field, fields.List) else "choice"
    forms = ((IsoDate, "date"), (Whole, "whole"), (Flag, "flag"), (Phone, "phone"), (Email, "email"))
    form_name = next((form for kind, form in forms if isinstance(field, kind)), "text")
    return "identifier" if isinstance(field, Identifier) else form_name
