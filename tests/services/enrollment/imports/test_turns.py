"""One institution's file delays no other's: whatever it holds, and however much of it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from time import thread_time
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from services.enrollment.imports.jobs import ImportWork
from services.enrollment.imports.model import Import
from services.enrollment.imports.queries import open_imports
from services.enrollment.people.model import Participant
from services.enrollment.settings import enrollment_settings
from shared.access import suspensions
from shared.contracts.events.enrollment import InstitutionRestored, InstitutionSuspended
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM
from shared.tabular.media_types import XLSX
from tests.support import factories
from tests.support.factories import BETA, STAFF
from tests.support.import_sheets import counts, people, sheet, upload
from tests.support.records import Group, records_of
from tests.support.tokens import Tokens

SOON = 30.0  # seconds of work, on a machine that is slow; what these files asked for took minutes


@pytest.fixture
def short_turns(monkeypatch: pytest.MonkeyPatch, enterprise_id: UUID) -> None:
    monkeypatch.setenv("SCORE_IMPORT_TURN_SECONDS", "0.000001")
    enrollment_settings.cache_clear()


@pytest.fixture
def short_preview(monkeypatch: pytest.MonkeyPatch, enterprise_id: UUID) -> None:
    monkeypatch.setenv("SCORE_IMPORT_PREVIEW_ROWS", "5")
    enrollment_settings.cache_clear()


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch, enterprise_id: UUID) -> None:
    """An upload's first rows may take long to read, so that what is in the file decides and not how busy the machine is."""
    monkeypatch.setenv("SCORE_IMPORT_PREVIEW_SECONDS", "120")
    enrollment_settings.cache_clear()


@pytest.fixture
def other(tokens: Tokens, enterprise_id: UUID) -> tuple[dict[str, str], UUID]:
    """Another provider, and an enterprise of its own."""
    with acting_as(STAFF):
        factories.institution(BETA, name="Beta Contoh")
        theirs = factories.enterprise(BETA, name="Logam Karya").id
    return {**tokens.headers("provider", institution=BETA), "Accept-Language": "en"}, theirs


def turns() -> Iterator[int]:
    """One after the other, until nothing is open."""
    work = ImportWork()
    with acting_as(SYSTEM):
        while open_imports():
            yield work.take_turn()


def state(import_id: str) -> str:
    with acting_as(STAFF):
        return str(Import.get(UUID(import_id)).state)


def test_institutions_take_turns(
    caller: FlaskClient, provider: dict[str, str], enterprise_id: UUID, short_turns: None, other: Any
) -> None:
    headers, theirs = other
    mine = [upload(caller, provider, people(enterprise_id, count)).json["id"] for count in (20, 3)]
    small = upload(caller, headers, people(theirs, 7)).json["id"]
    states = [tuple(map(state, (*mine, small))) for _ in turns()]
    assert states.index(("working", "waiting", "done")) <= 5, "the one who sent little waits for a turn, not for an end"
    assert states[-1] == ("done", "done", "done")
    with acting_as(STAFF):
        assert Participant.objects.count() == 27


def test_a_suspended_institutions_file_waits_until_it_is_restored(
    caller: FlaskClient, provider: dict[str, str], enterprise_id: UUID, short_turns: None, other: Any
) -> None:
    headers, theirs = other
    small = upload(caller, headers, people(theirs, 7)).json["id"]
    group, work = Group(suspensions.group_for("enrollment")), ImportWork()
    with acting_as(SYSTEM):
        work.take_turn()
    records = records_of(
        [InstitutionSuspended(institution_id=BETA, reason="inactive"), InstitutionRestored(institution_id=BETA)]
    )
    group.take(records[:1])
    mine = upload(caller, provider, people(enterprise_id, 3)).json["id"]
    with acting_as(SYSTEM):
        while work.take_turn():
            pass
    assert (state(mine), state(small)) == ("done", "working")
    with acting_as(STAFF):
        assert Participant.objects(enterprise_id=theirs).count() == 5, "what was taken before stays"
    group.take(records[1:])
    with acting_as(SYSTEM):
        while work.take_turn():
            pass
    assert counts(caller.get(f"/v1/imports/{small}", headers=headers).json) == ("done", 7, 7, 0, 0)


def test_rehearsals_that_take_turns_remember_each_their_own_rows(
    caller: FlaskClient, provider: dict[str, str], enterprise_id: UUID, short_turns: None, other: Any
) -> None:
    headers, theirs = other
    sent = [
        (asking, upload(caller, asking, [*people(of, 8), *people(of, 8)], dry_run=True).json["id"])
        for asking, of in ((provider, enterprise_id), (headers, theirs))
    ]
    list(turns())
    for asking, import_id in sent:
        assert counts(caller.get(f"/v1/imports/{import_id}", headers=asking).json) == ("done", 16, 8, 8, 0)


def edited(data: bytes, edit: Callable[[str], str]) -> bytes:
    """A workbook whose rows are other XML."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            content = old.read(part).decode()
            new.writestr(part, edit(content) if part.endswith("sheet1.xml") else content)
    return file.getvalue()


PADDING = f"<!--{'x' * 1_000}-->" * 200  # more than is read at once


def ending(more: str) -> Callable[[str], str]:
    return lambda content: content.replace("</sheetData>", f"{PADDING}{more}</sheetData>")


BEHIND = {
    "a row behind a gap": '<row r="6000000"><c r="A6000000"><v>1</v></c></row>',
    "a row behind a gap without an end": '<row r="1e9"><c><v>1</v></c></row>',
    "millions of empty rows": "<row/>" * 3_000_000,
    "a row of millions of cells": f"<row>{'<c/>' * 5_000_000}</row>",
}


@pytest.mark.parametrize("kind", BEHIND)
@pytest.mark.usefixtures("short_preview")
def test_a_file_that_is_hostile_behind_its_first_rows_is_broken_off_and_others_go_on(
    caller: FlaskClient, provider: dict[str, str], enterprise_id: UUID, other: Any, kind: str
) -> None:
    headers, theirs = other
    data = edited(sheet(people(enterprise_id, 9), XLSX), ending(BEHIND[kind]))
    assert len(data) < 200_000
    sent = caller.post("/v1/imports/participants", data=data, content_type=XLSX, headers=provider)
    assert sent.status_code == 201
    small = upload(caller, headers, people(theirs, 3))
    began = thread_time()
    list(turns())
    assert thread_time() - began < SOON
    assert counts(caller.get(f"/v1/imports/{small.json['id']}", headers=headers).json) == ("done", 3, 3, 0, 0)
    broken = caller.get(f"/v1/imports/{sent.json['id']}", headers=provider).json
    assert (broken["state"], broken["made"]) == ("failed", 5)
    assert broken["errors"][-1]["code"] in ("too-many-rows", "unpacks-too-large")


@pytest.mark.parametrize("kind", BEHIND)
@pytest.mark.usefixtures("unhurried")
def test_a_hostile_file_is_refused_at_once(
    caller: FlaskClient, provider: dict[str, str], enterprise_id: UUID, kind: str
) -> None:
    data = edited(sheet(people(enterprise_id, 2), XLSX), ending(BEHIND[kind]))
    began = thread_time()
    answer = caller.post("/v1/imports/participants", data=data, content_type=XLSX, headers=provider)
    assert thread_time() - began < SOON
    assert answer.status_code == 422
    assert answer.json["errors"][0]["code"] in ("too-many-rows", "unpacks-too-large")


def test_a_gap_is_no_work_and_no_row(caller: FlaskClient, provider: dict[str, str], enterprise_id: UUID) -> None:
    data = edited(
        sheet(people(enterprise_id, 600), XLSX),
        lambda content: (
            content.replace('<row r="519">', '<row r="1000519">')
            .replace('r="A519"', 'r="A1000519"')
            .partition('<row r="520">')[0]
            + "</sheetData></worksheet>"
        ),
    )
    answer = caller.post("/v1/imports/participants", data=data, content_type=XLSX, headers=provider)
    assert answer.status_code == 201, answer.text
    list(turns())
    assert counts(caller.get(f"/v1/imports/{answer.json['id']}", headers=provider).json) == ("done", 518, 518, 0, 0)
