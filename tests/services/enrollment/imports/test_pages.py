"""A file is checked, and its errors are named by row and column."""

from __future__ import annotations

import io
import re

from werkzeug.datastructures import FileStorage

from services.enrollment.imports.jobs import ImportWork
from shared.kernel import ids
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
