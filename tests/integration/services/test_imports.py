"""Spreadsheets on the real store: rehearsed, taken, taken again, interrupted. People and enterprises are invented."""

from __future__ import annotations

import csv
import gc
import io
import itertools
from collections import Counter
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from flask.testing import FlaskClient
from pymongo.errors import ExecutionTimeout

from services.enrollment.enterprises.model import Enterprise
from services.enrollment.imports import jobs
from services.enrollment.imports.jobs import Pace
from services.enrollment.imports.model import Import, ImportedRow
from services.enrollment.imports.sheet import Checked
from services.enrollment.institutions.model import Institution
from services.enrollment.people import commands as people_commands
from services.enrollment.people.model import Participant
from services.enrollment.privacy import commands as privacy_commands
from services.enrollment.settings import enrollment_settings
from shared.contracts.enrollment import ParticipantRegistered
from shared.errors import Unavailable
from shared.runtime.context import SYSTEM, acting_as
from shared.storage import connection
from shared.web.answer import XLSX
from shared.web.sheets import CSV, SheetRow
from tests.integration.services import worlds
from tests.integration.services.conftest import Enter
from tests.integration.services.declared import app_of
from tests.integration.services.records import facts_said
from tests.integration.services.tokens import Tokens
from tests.integration.services.worlds import ALPHA, BETA, STAFF
from tests.monitor import MONITOR


@pytest.fixture
def enterprise_id(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("SCORE_IMPORT_SLICE", "5")
    monkeypatch.setenv("SCORE_IMPORT_SLICE_SECONDS", "86400")  # no slice is ever too slow
    enrollment_settings.cache_clear()
    monkeypatch.setattr(jobs, "_pace", Pace())
    enter("enrollment")
    with acting_as(STAFF):
        worlds.institution(ALPHA)
        yield worlds.enterprise(ALPHA).id
    monkeypatch.undo()
    enrollment_settings.cache_clear()


@pytest.fixture
def caller(enterprise_id: UUID) -> FlaskClient:
    return app_of("enrollment").test_client()


@pytest.fixture
def provider(tokens: Tokens) -> dict[str, str]:
    return {**tokens.headers("provider", institution=ALPHA), "Accept-Language": "en"}


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


def worked(caller: FlaskClient, headers: dict[str, str], answer: Any) -> dict[str, Any]:
    """The import after the timer has had its turns."""
    assert answer.status_code == 201, answer.text
    with acting_as(SYSTEM):
        while jobs.work_imports():
            pass
    shown: dict[str, Any] = caller.get(f"/v1/imports/{answer.json['id']}", headers=headers).json
    return shown


def counts(shown: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(shown[name] for name in ("state", "rows_read", "made", "unchanged", "failed"))


@pytest.mark.parametrize("media_type", [CSV, XLSX])
def test_people_come_from_a_sheet_once(
    caller: FlaskClient, provider: dict[str, str], enterprise_id: UUID, media_type: str
) -> None:
    rows = people(enterprise_id, 12)
    first = upload(caller, provider, rows, media_type=media_type)
    assert (first.json["state"], first.json["made"]) == ("waiting", 0)
    assert counts(worked(caller, provider, first)) == ("done", 12, 12, 0, 0)
    facts = facts_said(ParticipantRegistered)
    assert [fact.purposes for fact in facts] == [("training", "contact")] * 12  # type: ignore[attr-defined]
    again = worked(caller, provider, upload(caller, provider, [*rows, *people(enterprise_id, 1)]))
    assert counts(again) == ("done", 13, 0, 13, 0)
    assert Participant.objects.count() == 12
    assert facts_said(ParticipantRegistered) == facts
    assert connection.database()["import_files"].count_documents({}) == 0


def test_errors_are_told_at_once_by_row_and_column_and_good_rows_are_taken(
    caller: FlaskClient, provider: dict[str, str], enterprise_id: UUID
) -> None:
    people_commands.register_participant(enterprise_id=enterprise_id, name="Orang 8", sex="male", role="manager")
    rows = people(enterprise_id, 9, p2={"sex": "?"}, p4={"name": "=1+1"}, p9={"enterprise_id": str(ALPHA)})
    answer = upload(caller, provider, rows)
    told = [(error["row"], error["column"], error["code"]) for error in answer.json["errors"]]
    assert told == [(3, "sex", "not-a-choice"), (5, "name", "formula")]
    assert "formula" in answer.json["errors"][1]["detail"]
    shown = worked(caller, provider, answer)
    assert counts(shown) == ("done", 9, 5, 0, 4)
    assert [(error["row"], error["column"], error["code"]) for error in shown["errors"]] == [
        *told, (9, "name", "person-registered"), (10, "enterprise_id", "unknown-enterprise"),
    ]  # fmt: skip
    assert shown["error_count"] == 4
    indonesian = upload(caller, {**provider, "Accept-Language": "id"}, rows)
    assert indonesian.json["errors"][1]["detail"].startswith("Sel berisi rumus")


def test_a_rehearsal_tells_the_same_and_changes_nothing(
    caller: FlaskClient, provider: dict[str, str], enterprise_id: UUID
) -> None:
    rows = [*people(enterprise_id, 11, p7={"enterprise_id": str(ALPHA)}), *people(enterprise_id, 2)]
    shown = worked(caller, provider, upload(caller, provider, rows, dry_run=True))
    assert counts(shown) == ("done", 13, 10, 2, 1)
    assert [(error["row"], error["code"]) for error in shown["errors"]] == [(8, "unknown-enterprise")]
    assert (Participant.objects.count(), facts_said(ParticipantRegistered)) == (0, [])
    assert connection.database()["imported_rows"].count_documents({}) == 0
    assert counts(worked(caller, provider, upload(caller, provider, rows))) == ("done", 13, 10, 2, 1)


def test_a_row_with_other_content_is_refused_and_says_so(
    caller: FlaskClient, provider: dict[str, str], enterprise_id: UUID
) -> None:
    worked(caller, provider, upload(caller, provider, people(enterprise_id, 3)))
    shown = worked(caller, provider, upload(caller, provider, people(enterprise_id, 3, p2={"role": "manager"})))
    assert counts(shown) == ("done", 3, 0, 2, 1)
    assert [(error["row"], error["code"]) for error in shown["errors"]] == [(3, "row-differs")]


def test_a_refused_row_costs_its_neighbours_one_more_try(
    caller: FlaskClient, provider: dict[str, str], enterprise_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All in one slice; rows before a refused one are kept together, and so are those behind it."""
    monkeypatch.setenv("SCORE_IMPORT_SLICE", "40")
    enrollment_settings.cache_clear()
    tries: Counter[str] = Counter()
    slices = []
    registering, taking = Participant.register, jobs.take

    def counted(person: Participant) -> None:
        tries[person.name] += 1
        registering(person)

    def sliced(kind: Any, batch: Any, rehearsed: Any) -> Any:
        slices.append(len(batch))
        return taking(kind, batch, rehearsed)

    monkeypatch.setattr(Participant, "register", counted)
    monkeypatch.setattr(jobs, "take", sliced)
    monkeypatch.setattr(jobs, "_pace", Pace())
    refused = {place: {"enterprise_id": str(ALPHA)} for place in ("p1", "p9", "p10", "p30")}
    shown = worked(caller, provider, upload(caller, provider, people(enterprise_id, 30, **refused)))
    assert counts(shown) == ("done", 30, 26, 0, 4)
    assert [(error["row"], error["code"]) for error in shown["errors"]] == [
        (row, "unknown-enterprise") for row in (2, 10, 11, 31)
    ]
    assert max(tries.values()) <= 2
    assert slices == [30, 1, 29, 8, 21, 1, 20, 20]


def test_a_store_that_is_slow_for_a_slice_is_given_smaller_ones(
    caller: FlaskClient, provider: dict[str, str], enterprise_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = upload(caller, provider, people(enterprise_id, 11))
    taking, sizes = jobs.take, []

    def slow(kind: Any, batch: Any, rehearsed: Any) -> Any:
        sizes.append(len(batch))
        if len(batch) > 2:
            raise ExecutionTimeout("out of time")
        return taking(kind, batch, rehearsed)

    monkeypatch.setattr(jobs, "take", slow)
    with acting_as(SYSTEM), pytest.raises(ExecutionTimeout):
        jobs.work_imports()
    monkeypatch.setenv("SCORE_IMPORT_SLICE_SECONDS", "0.000001")  # and no larger ones again
    enrollment_settings.cache_clear()
    assert counts(worked(caller, provider, answer)) == ("done", 11, 11, 0, 0)
    assert (sizes[0], max(sizes[1:])) == (5, 2)


@pytest.mark.parametrize("media_type", [CSV, XLSX])
def test_rows_held_and_commands_sent_follow_the_slice_and_not_the_file(
    caller: FlaskClient, provider: dict[str, str], enterprise_id: UUID, monkeypatch: pytest.MonkeyPatch, media_type: str
) -> None:
    """What would make ten thousand rows grow in memory or in commands shows with two hundred."""
    size = 20
    monkeypatch.setenv("SCORE_IMPORT_SLICE", str(size))
    monkeypatch.setenv("SCORE_IMPORT_PREVIEW_ROWS", "1")
    enrollment_settings.cache_clear()
    monkeypatch.setattr(jobs, "_pace", Pace())
    answer = upload(caller, provider, people(enterprise_id, 200), media_type=media_type)
    held, progress, writes = [], [], []
    taking = jobs.take

    def watched(*arguments: Any) -> Any:
        gc.collect()
        held.append(sum(issubclass(type(one), (Checked, SheetRow, Participant)) for one in gc.get_objects()))
        progress.append(connection.database()["imports"].find_one({"_id": UUID(answer.json["id"])})["rows_read"])
        writes.append(MONITOR.writes)
        return taking(*arguments)

    monkeypatch.setattr(jobs, "take", watched)
    MONITOR.watch()
    try:
        assert counts(worked(caller, provider, answer)) == ("done", 200, 200, 0, 0)
    finally:
        MONITOR.finish(allowed={"access_log"})
    assert max(held) <= 3 * size
    assert progress == list(range(0, 200, size))
    each = [after - before for before, after in itertools.pairwise(writes)]
    assert max(each) <= 7  # people, facts, marks, parties, the ledger, the import, and the start of a turn


def test_people_of_one_name_are_found_among_those_of_the_same_slice_and_enterprise(
    caller: FlaskClient, provider: dict[str, str], enterprise_id: UUID
) -> None:
    with acting_as(STAFF):
        other = worlds.enterprise(ALPHA, name="Logam Karya").id
    rows = [
        *people(enterprise_id, 1),
        *people(enterprise_id, 1, p1={"email": "lain@example.org"}),
        *people(other, 1),
    ]
    rows[0]["email"] = ""
    shown = worked(caller, provider, upload(caller, provider, rows))
    assert counts(shown) == ("done", 3, 2, 0, 1)
    assert [(error["row"], error["code"]) for error in shown["errors"]] == [(3, "person-registered")]


def test_an_interrupted_import_goes_on_where_it_stopped(
    caller: FlaskClient, provider: dict[str, str], enterprise_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = upload(caller, provider, people(enterprise_id, 23))
    slices = 0
    taking = jobs.take

    def breaking(*arguments: Any) -> Any:
        nonlocal slices
        slices += 1
        outcome = taking(*arguments)
        if slices in (3, 4):
            raise Unavailable("store")
        return outcome

    monkeypatch.setattr(jobs, "take", breaking)
    for made in (10, 10):
        with acting_as(SYSTEM), pytest.raises(Unavailable):
            jobs.work_imports()
        shown = caller.get(f"/v1/imports/{answer.json['id']}", headers=provider).json
        assert counts(shown) == ("working", made, made, 0, 0)
        assert Participant.objects.count() == made
        jobs._reading.__init__()  # type: ignore[misc] # another process
    assert counts(worked(caller, provider, answer)) == ("done", 23, 23, 0, 0)
    assert Participant.objects.count() == 23


def test_an_import_that_fails_again_and_again_is_given_up(
    caller: FlaskClient, provider: dict[str, str], enterprise_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = upload(caller, provider, people(enterprise_id, 3))

    def failing(*arguments: Any) -> Any:
        raise Unavailable("store")

    with monkeypatch.context() as broken, acting_as(SYSTEM):
        broken.setattr(jobs, "take", failing)
        for _ in range(enrollment_settings().import_attempts):
            with pytest.raises(Unavailable):
                jobs.work_imports()
    shown = worked(caller, provider, answer)
    assert counts(shown) == ("failed", 0, 0, 0, 0)
    assert connection.database()["import_files"].count_documents({}) == 0


def test_a_long_import_takes_turns(
    caller: FlaskClient, provider: dict[str, str], enterprise_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCORE_IMPORT_TURN_SECONDS", "0.000001")
    enrollment_settings.cache_clear()
    answer = upload(caller, provider, people(enterprise_id, 12))
    progress = []
    with acting_as(SYSTEM):
        while jobs.work_imports():
            progress.append(caller.get(f"/v1/imports/{answer.json['id']}", headers=provider).json["rows_read"])
    assert progress == [5, 10, 12]
    assert Participant.objects.count() == 12


def test_a_file_that_does_not_fit_is_refused_whole(
    caller: FlaskClient, provider: dict[str, str], enterprise_id: UUID
) -> None:
    row = people(enterprise_id, 1)[0]
    answer = upload(caller, provider, [{**row, "religion": "?"}])
    assert (answer.status_code, answer.json["errors"][0]["code"]) == (422, "unknown-column")
    assert answer.json["errors"][0]["pointer"] == "/columns/religion"
    for data, media_type, code in (
        (b"x", XLSX, "not-xlsx"),
        (b"name\n\xff", CSV, "not-utf8-csv"),
        (b"", CSV, "no-rows"),
    ):
        answer = caller.post("/v1/imports/participants", data=data, content_type=media_type, headers=provider)
        assert (answer.status_code, answer.json["errors"][0]["code"]) == (422, code)
    assert (
        caller.post("/v1/imports/participants", data=b"x", content_type="text/html", headers=provider).status_code
        == 415
    )
    assert Import.objects.count() == 0


def test_who_may_import_what_and_see_it(
    caller: FlaskClient, provider: dict[str, str], tokens: Tokens, enterprise_id: UUID
) -> None:
    institutions = [{"kind": "university", "name": "Universitas Contoh", "province": "Jawa Tengah"}]
    assert upload(caller, provider, institutions, "institutions").status_code == 403
    programme = tokens.headers("programme")
    assert counts(worked(caller, programme, upload(caller, programme, institutions, "institutions")))[2] == 1
    assert [row.province for row in Institution.objects(kind="university")] == ["ID-JT"]
    mine = upload(caller, provider, people(enterprise_id, 1))
    foreign = tokens.headers("provider", institution=BETA)
    assert caller.get(f"/v1/imports/{mine.json['id']}", headers=foreign).status_code == 404
    with acting_as(STAFF):
        worlds.institution(BETA, name="Beta Contoh")
    theirs = worked(caller, foreign, upload(caller, foreign, people(enterprise_id, 1)))
    assert [error["code"] for error in theirs["errors"]] == ["unknown-enterprise"]


def test_enterprises_come_with_their_duplicates_found(
    caller: FlaskClient, provider: dict[str, str], enterprise_id: UUID
) -> None:
    def row(name: str, **changes: Any) -> dict[str, Any]:
        return {
            "Bentuk badan": "CV", "Nama": name, "NIB": "", "Provinsi": "Jawa Tengah", "Kota atau kabupaten": "Kudus",
            "Sektor": "metal", "Jumlah orang: perempuan": "20", "Jumlah orang: laki-laki": "15",
            "Narahubung: nama": "Ratna", "Narahubung: surel": "ratna@example.org", "Penjualan setahun (rupiah)": "", **changes,
        }  # fmt: skip

    rows = [
        row("Mebel Sejati", NIB="0012345678901"),
        row("Logam Mulia Karya", **{"Penjualan setahun (rupiah)": "3000000000"}),
        row("Mebel Sejati Jaya", NIB="0012345678901"),
    ]
    shown = worked(caller, provider, upload(caller, provider, rows, "enterprises"))
    assert counts(shown) == ("done", 3, 2, 0, 1)
    assert [error["row"] for error in shown["errors"]] == [4]
    found = {enterprise.name: enterprise for enterprise in Enterprise.objects}
    assert found["Mebel Sejati"].nib == "0012345678901"
    assert found["Mebel Sejati"].headcount.women == 20
    again = worked(caller, provider, upload(caller, provider, rows[:2], "enterprises"))
    assert counts(again) == ("done", 2, 0, 2, 0)

    by_nib = [{"enterprise_nib": "0012345678901", "name": "Wulan", "sex": "female", "role": "manager"}]
    assert counts(worked(caller, provider, upload(caller, provider, by_nib)))[2] == 1
    assert [person.enterprise_id for person in Participant.objects] == [found["Mebel Sejati"].id]


def test_enterprises_of_one_slice_that_resemble_each_other_are_told_apart_before_the_store_knows_them(
    caller: FlaskClient, provider: dict[str, str], enterprise_id: UUID
) -> None:
    rows = [
        {"name": name, "legal_form": "CV", "province": "ID-JT", "place": "Kudus", "sector": "metal", "headcount.women": "20",
         "headcount.men": "15", "contact.name": "Ratna", "contact.email": "ratna@example.org"}
        for name in ("Logam Mulia Karya", "Mebel Sejati", "Logam Mulya Karya")
    ]  # fmt: skip
    shown = worked(caller, provider, upload(caller, provider, rows, "enterprises"))
    assert counts(shown) == ("done", 3, 2, 0, 1)
    assert [(error["row"], error["code"]) for error in shown["errors"]] == [(4, "possible-duplicate")]


def test_an_erased_person_leaves_no_imported_row(
    caller: FlaskClient, provider: dict[str, str], enterprise_id: UUID
) -> None:
    worked(caller, provider, upload(caller, provider, people(enterprise_id, 2)))
    privacy_commands.erase_participant(Participant.objects(name="Orang 1").first().id)
    with acting_as(SYSTEM):
        assert ImportedRow.objects.count() == 1


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_a_template_is_given_to_fill_in(caller: FlaskClient, provider: dict[str, str], form: str) -> None:
    answer = caller.get(f"/v1/imports/participants/template?format={form}", headers=provider)
    assert answer.mimetype == (XLSX if form == "xlsx" else CSV)
    sent = caller.post("/v1/imports/participants", data=answer.data, content_type=answer.mimetype, headers=provider)
    assert counts(worked(caller, provider, sent)) == ("done", 0, 0, 0, 0)
    foreign = f"/v1/imports/institutions/template?format={form}"
    assert caller.get(foreign, headers=provider).status_code == 403
