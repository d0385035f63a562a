"""Sheets of people, sent and worked off."""

from __future__ import annotations

import csv
import io
from typing import Any
from uuid import UUID

import openpyxl
from flask.testing import FlaskClient

from services.enrollment.imports import commands
from services.enrollment.imports.jobs import ImportWork
from services.enrollment.imports.model import Import
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM
from shared.tabular.media_types import CSV
from tests.support.factories import provider

PARTNERS = b"kind,name,province\r\nuniversity,Universitas Contoh,ID-JT\r\n"
FIRMS = (
    b"name,legal_form,province,sector,headcount.women,headcount.men,contact.name\r\n"
    b"Kayu Contoh,CV,ID-JT,metal,20,10,Ratna\r\n"
)
PEOPLE = b"enterprise_nib,name,sex,role\r\n0012345678901,Wulan,female,manager\r\n"


def sheet(rows: list[dict[str, Any]], media_type: str = CSV) -> bytes:
    lines = [list(rows[0]), *(list(row.values()) for row in rows)]
    if media_type == CSV:
        text = io.StringIO()
        csv.writer(text).writerows(lines)
        return text.getvalue().encode()
    book, file = openpyxl.Workbook(), io.BytesIO()
    for line in lines:
        book.active.append(line)
    book.save(file)
    return file.getvalue()


def people(enterprise_id: UUID, count: int, **changes: dict[str, Any]) -> list[dict[str, Any]]:
    """`p3={"sex": "?"}` changes the third person, who stands in row 4."""
    rows = [
        {"enterprise_id": str(enterprise_id), "name": f"Orang {number}", "sex": "female", "role": "worker",
         "consent.purposes": "training contact"}
        for number in range(1, count + 1)
    ]  # fmt: skip
    for place, change in changes.items():
        rows[int(place[1:]) - 1] |= change
    return rows


def upload(
    caller: FlaskClient, headers: dict[str, str], rows: list[dict[str, Any]], kind: str = "participants",
    media_type: str = CSV, *, dry_run: bool = False,
) -> Any:  # fmt: skip
    query = "?dry_run=true" if dry_run else ""
    data = sheet(rows, media_type)
    return caller.post(f"/v1/imports/{kind}{query}", data=data, content_type=media_type, headers=headers)


def worked(caller: FlaskClient, headers: dict[str, str], answer: Any, work: ImportWork | None = None) -> dict[str, Any]:
    """The import after the timer has had its turns, in a process that begins or goes on with its `work`."""
    assert answer.status_code == 201, answer.text
    work = work or ImportWork()
    with acting_as(SYSTEM):
        while work.take_turn():
            pass
    shown: dict[str, Any] = caller.get(f"/v1/imports/{answer.json['id']}", headers=headers).json
    return shown


def counts(shown: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(shown[name] for name in ("state", "rows_read", "made", "unchanged", "failed"))


def uploaded(owner: UUID) -> Import:
    """A sheet of a provider's that waits to be worked off."""
    with acting_as(provider(owner)):
        return commands.import_participants(commands.Upload(PEOPLE, "text/csv", "id"))


def checked_upload(owner: UUID) -> Import:
    """A sheet of a provider's that was checked to its end and is kept."""
    with acting_as(provider(owner)):
        upload = commands.Upload(PEOPLE, "text/csv", "id", dry_run=True)
        job = commands.import_participants(upload)
    with acting_as(SYSTEM):
        ImportWork().take_turn()
    return job
