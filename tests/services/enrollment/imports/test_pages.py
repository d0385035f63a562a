"""A file is checked, and its errors are named by row and column."""

from __future__ import annotations

import io
import re
from uuid import UUID

import pytest
from werkzeug.datastructures import FileStorage

from services.enrollment.imports.commands import register_checked_import, sweep_imports
from services.enrollment.imports.jobs import ImportWork
from services.enrollment.imports.model import Import
from services.enrollment.imports.queries import values_of
from services.enrollment.settings import enrollment_settings
from shared.domain.errors import NotAllowedNow
from shared.kernel import ids
from shared.storage import connection
from tests.support.visitor import Visitor


def test_another_file_in_the_same_form_is_another_upload(office):
    heading = office.staff.client.get("/imports/templates/enterprises.csv").data.splitlines()[0]
    html = office.staff.client.get("/imports").text
    hidden = dict(re.findall(r'<input type="hidden" name="(_[^"]+)" value="([^"]*)"', html.partition("<main")[2]))

    def sent(rows):
        file = (io.BytesIO(heading + b"\r\n" + rows), "enterprises.csv")
        return office.staff.client.post("/imports", data={**hidden, "kind": "enterprises", "file": file}).location

    first = sent(b"Contoh\r\n")
    assert sent(b"Contoh\r\n") == first
    assert sent(b"Lain\r\n") != first


def test_a_file_is_checked_and_its_errors_are_named_by_row_and_column(office):
    template = office.staff.client.get("/imports/templates/enterprises.csv")
    heading = template.data.decode("utf-8-sig").splitlines()[0]
    office.staff.read("/imports/templates/institutions.csv", 404)
    empty = office.staff.send("/imports", status=422, kind="enterprises", dry_run="true")
    assert "File" in empty
    cells = ",".join(["Contoh", *["?"] * heading.count(",")])
    sent = FileStorage(io.BytesIO(f"{heading}\r\n{cells}\r\n".encode()), "enterprises.csv")
    job = office.staff.send("/imports", kind="enterprises", dry_run="true", file=sent)
    words = office.staff.read(job)
    assert "Nothing is registered" in words
    assert "Waits to be read" in words
    ImportWork().take_turn()
    words = office.staff.read(job)
    assert "Read to the end" in words
    assert "Rows with errors 1" in words
    assert re.search(r"Errors .* 2 ", words)
    assert "Enterprises" in office.staff.read("/imports?state=done")
    assert "No enterprises yet" in office.staff.read("/enterprises")
    Visitor(office.app, "provider", institution=ids.new()).read(job, 404)


def test_what_was_checked_is_registered_with_one_press_and_leads_to_what_was_made(office):
    columns = ["name", "legal_form", "province", "sector", "headcount.women", "headcount.men", "contact.name"]
    rows = ["Melati Contoh,CV,Jawa Tengah,metal,3,4,Sari", "Mawar Contoh,CV,Jawa Tngah,metal,tiga,4,Sari"]
    file = io.BytesIO("\r\n".join([",".join(columns), *rows]).encode())
    checked = office.staff.send("/imports", kind="enterprises", dry_run="true", file=FileStorage(file, "usaha.csv"))
    ImportWork().take_turn()
    words = office.staff.read(checked)
    assert re.search(r"3 province Jawa Tngah Choose one of the list\.", words)
    assert re.search(r"3 headcount\.women tiga Write digits only, like 12\.", words)
    assert "Nothing is registered yet" in words
    registered = office.staff.send(f"{checked}/registration", shown=checked)
    again = register_checked_import(UUID(checked.rpartition("/")[2]))
    assert registered.endswith(str(again.id)), "pressed twice it is one import"
    ImportWork().take_turn()
    assert "Newly registered 1" in office.staff.read(registered)
    html = office.staff.client.get(registered).text
    (enterprise,) = re.findall(r'href="(/enterprises/[0-9a-f-]{36})"', html)
    assert "Melati Contoh" in office.staff.read(enterprise)
    assert "Register 1 row" not in office.staff.read(checked)


def test_what_is_kept_of_a_checked_file_goes_in_time(office, monkeypatch):
    file = io.BytesIO(
        b"name,legal_form,province,sector,headcount.women,headcount.men,contact.name\r\nMelati,CV,?,metal,3,4,Sari\r\n"
    )
    checked = office.staff.send("/imports", kind="enterprises", dry_run="true", file=FileStorage(file, "usaha.csv"))
    ImportWork().take_turn()
    job = Import.objects.first()
    assert sweep_imports() == 0
    assert values_of(job) == ["?"]
    monkeypatch.setenv("SCORE_IMPORT_KEPT_HOURS", "0.0000001")
    enrollment_settings.cache_clear()
    assert sweep_imports() == 1
    monkeypatch.undo()
    enrollment_settings.cache_clear()
    assert connection.database()["import_files"].count_documents({}) == 0
    assert values_of(Import.objects.first()) == [""]
    assert "What stands there" in office.staff.read(checked)
    with pytest.raises(NotAllowedNow, match="not kept any more"):
        register_checked_import(job.id)
    assert Import.objects.count() == 1
