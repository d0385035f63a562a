"""Spreadsheets on the real store: rehearsed, taken, taken again, interrupted. People and enterprises are invented."""

from __future__ import annotations

import hashlib
import importlib
from typing import Any
from uuid import UUID

import bson
import orjson
import pytest
from flask.testing import FlaskClient

from services.enrollment.enterprises.model import Enterprise
from services.enrollment.imports.commands import PREVIEWS
from services.enrollment.imports.kinds import KINDS
from services.enrollment.imports.model import Import, ImportedRow
from services.enrollment.institutions.model import Institution
from services.enrollment.people import commands as people_commands
from services.enrollment.people.model import Participant
from services.enrollment.privacy import commands as privacy_commands
from services.enrollment.settings import enrollment_settings
from shared.contracts.events.enrollment import ParticipantRegistered
from shared.kernel import ids
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM
from shared.storage import connection
from shared.tabular.media_types import CSV, XLSX
from tests.support import factories
from tests.support.factories import ALPHA, BETA, STAFF
from tests.support.import_sheets import counts, people, sheet, upload, worked
from tests.support.records import events_said
from tests.support.tokens import Tokens


@pytest.mark.parametrize("media_type", [CSV, XLSX])
def test_people_come_from_a_sheet_once(
    caller: FlaskClient, provider: dict[str, str], enterprise_id: UUID, media_type: str
) -> None:
    rows = people(enterprise_id, 12)
    first = upload(caller, provider, rows, media_type=media_type)
    assert (first.json["state"], first.json["made"]) == ("waiting", 0)
    assert counts(worked(caller, provider, first)) == ("done", 12, 12, 0, 0)
    events = events_said(ParticipantRegistered)
    assert [event.purposes for event in events] == [("training", "contact")] * 12  # type: ignore[attr-defined]
    again = worked(caller, provider, upload(caller, provider, [*rows, *people(enterprise_id, 1)]))
    assert counts(again) == ("done", 13, 0, 13, 0)
    assert Participant.objects.count() == 12
    assert events_said(ParticipantRegistered) == events
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
    more = [(9, "name", "person-registered"), (10, "enterprise_id", "unknown-enterprise")]
    assert [(error["row"], error["column"], error["code"]) for error in shown["errors"]] == [*told, *more]
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
    assert (Participant.objects.count(), events_said(ParticipantRegistered)) == (0, [])
    assert connection.database()["imported_rows"].count_documents({}) == 0
    assert counts(worked(caller, provider, upload(caller, provider, rows))) == ("done", 13, 10, 2, 1)


def test_a_row_with_other_content_is_refused_and_says_so(
    caller: FlaskClient, provider: dict[str, str], enterprise_id: UUID
) -> None:
    worked(caller, provider, upload(caller, provider, people(enterprise_id, 3)))
    shown = worked(caller, provider, upload(caller, provider, people(enterprise_id, 3, p2={"role": "manager"})))
    assert counts(shown) == ("done", 3, 0, 2, 1)
    assert [(error["row"], error["code"]) for error in shown["errors"]] == [(3, "row-differs")]


def test_people_of_one_name_are_found_among_those_of_the_same_slice_and_enterprise(
    caller: FlaskClient, provider: dict[str, str], enterprise_id: UUID
) -> None:
    with acting_as(STAFF):
        other = factories.enterprise(ALPHA, name="Logam Karya").id
    rows = [
        *people(enterprise_id, 1),
        *people(enterprise_id, 1, p1={"email": "lain@example.org"}),
        *people(other, 1),
    ]
    rows[0]["email"] = ""
    shown = worked(caller, provider, upload(caller, provider, rows))
    assert counts(shown) == ("done", 3, 2, 0, 1)
    assert [(error["row"], error["code"]) for error in shown["errors"]] == [(3, "person-registered")]


def test_a_file_that_does_not_fit_is_refused_whole(
    caller: FlaskClient, provider: dict[str, str], enterprise_id: UUID
) -> None:
    row = people(enterprise_id, 1)[0]
    answer = upload(caller, provider, [{**row, "religion": "?"}])
    assert (answer.status_code, answer.json["errors"][0]["code"]) == (422, "unknown-column")
    assert answer.json["errors"][0]["pointer"] == "/columns"
    assert "religion" in answer.json["errors"][0]["detail"]
    assert "enterprise_id" not in answer.json["errors"][0]["detail"]
    for data, media_type, code in (
        (b"x", XLSX, "not-xlsx"),
        (b"name\n\xff", CSV, "not-utf8-csv"),
        (b"", CSV, "no-rows"),
        (b"name,sex,role\n", CSV, "no-rows"),
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
        factories.institution(BETA, name="Beta Contoh")
    theirs = worked(caller, foreign, upload(caller, foreign, people(enterprise_id, 1)))
    assert [error["code"] for error in theirs["errors"]] == ["unknown-enterprise"]


def test_enterprises_come_with_their_duplicates_found(
    caller: FlaskClient, provider: dict[str, str], enterprise_id: UUID
) -> None:
    def row(name: str, **changes: Any) -> dict[str, Any]:
        return {
            "Bentuk badan usaha": "CV", "Nama": name, "NIB": "", "Provinsi": "Jawa Tengah", "Kota atau kabupaten": "Kudus",
            "Sektor": "metal", "Jumlah orang: perempuan": "20", "Jumlah orang: laki-laki": "15",
            "Narahubung: nama": "Ratna", "Narahubung: email": "ratna@example.org", "Penjualan setahun (rupiah)": "", **changes,
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


NPWP = "3319010101800001"


def of_a_person(**changes: Any) -> dict[str, Any]:
    """A row of somebody whose tax number is a resident's."""
    return {
        "name": "Tenun Ratna", "legal_form": "perorangan", "npwp": NPWP, "province": "ID-JT", "sector": "metal",
        "headcount.women": "20", "headcount.men": "15", "contact.name": "Ratna", **changes,
    }  # fmt: skip


def in_store(*collections: str) -> bytes:
    database = connection.database()
    names = collections or database.list_collection_names()
    return b"".join(
        bson.encode(row, codec_options=database.codec_options) for name in names for row in database[name].find({})
    )


def old_id_and_digest(row: dict[str, Any]) -> tuple[UUID, str]:
    """What an earlier release kept of a row, and whoever knows all of it but some digits can make again."""
    body = KINDS["enterprises"].schema().load(
        {**{key: value for key, value in row.items() if "." not in key},
         "headcount": {"women": 20, "men": 15}, "contact": {"name": "Ratna"}}
    )  # fmt: skip
    content = orjson.dumps(body, option=orjson.OPT_SORT_KEYS, default=str)
    row_id = ids.derived("imported", "enterprises", ALPHA, *KINDS["enterprises"].key(body))
    return row_id, hashlib.sha256(content).hexdigest()


def test_a_waiting_file_lies_sealed_and_its_rows_cannot_be_guessed(
    caller: FlaskClient, provider: dict[str, str], enterprise_id: UUID
) -> None:
    sent = upload(caller, provider, [of_a_person()], "enterprises")
    assert NPWP.encode() not in in_store()
    assert b"Tenun Ratna" not in in_store("import_files")
    assert counts(worked(caller, provider, sent)) == ("done", 1, 1, 0, 0)
    row_id, digest = old_id_and_digest(of_a_person())
    rows = in_store("imported_rows")
    assert not any(guess in rows for guess in (row_id.bytes, digest.encode(), bytes.fromhex(digest)))


def test_rows_and_files_of_an_earlier_release_are_known_after_the_migration(
    caller: FlaskClient, provider: dict[str, str], enterprise_id: UUID
) -> None:
    worked(caller, provider, upload(caller, provider, [of_a_person()], "enterprises"))
    database = connection.database()
    rows, files = database["imported_rows"], database["import_files"]
    (kept,) = rows.find()
    row_id, digest = old_id_and_digest(of_a_person())
    rows.delete_many({})
    rows.insert_one({"_id": row_id, "made_id": kept["made_id"], "digest": digest})
    waiting = upload(caller, provider, [of_a_person(), of_a_person(npwp="")], "enterprises")
    data = sheet([of_a_person(), of_a_person(npwp="")])
    files.replace_one({"_id": UUID(waiting.json["id"])}, {"_id": UUID(waiting.json["id"]), "data": data})
    for _ in range(2):
        importlib.import_module("services.enrollment.migrations.0009_keyed_import_rows").apply(database)
        assert list(rows.find()) == [{name: kept[name] for name in ("_id", "made_id", "digest")}]
        assert NPWP.encode() not in in_store("import_files")
    shown = worked(caller, provider, waiting)
    assert counts(shown) == ("done", 2, 0, 1, 1)
    assert [(error["row"], error["code"]) for error in shown["errors"]] == [(3, "row-differs")]


@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize("asked", ["query", "header"])
def test_a_template_is_given_to_fill_in(caller: FlaskClient, provider: dict[str, str], form: str, asked: str) -> None:
    address = "/v1/imports/participants/template"
    if asked == "query":
        answer = caller.get(f"{address}?format={form}", headers=provider)
    else:
        answer = caller.get(address, headers=provider | {"Accept": XLSX if form == "xlsx" else CSV})
    assert answer.mimetype == (XLSX if form == "xlsx" else CSV)
    sent = caller.post("/v1/imports/participants", data=answer.data, content_type=answer.mimetype, headers=provider)
    assert (sent.status_code, [error["code"] for error in sent.json["errors"]]) == (422, ["no-rows"])
    foreign = f"/v1/imports/institutions/template?format={form}"
    assert caller.get(foreign, headers=provider).status_code == 403


def test_an_institution_has_one_upload_looked_at_at_a_time(
    caller: FlaskClient, provider: dict[str, str], tokens: Tokens, enterprise_id: UUID
) -> None:
    with PREVIEWS.place_for(ALPHA, places=2):
        refused = upload(caller, provider, people(enterprise_id, 1))
        assert (refused.status_code, int(refused.headers["Retry-After"]) > 0) == (429, True)
        assert upload(caller, tokens.headers("programme"), people(enterprise_id, 1)).status_code == 201
    assert upload(caller, provider, people(enterprise_id, 1)).status_code == 201


def test_an_institution_has_so_many_imports_that_are_not_done(
    caller: FlaskClient, provider: dict[str, str], tokens: Tokens, enterprise_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCORE_IMPORT_OPEN", "2")
    enrollment_settings.cache_clear()
    first, *others = (upload(caller, provider, people(enterprise_id, 1)) for _ in range(4))
    assert [answer.status_code for answer in (first, *others)] == [201, 201, 429, 429]
    assert (others[1].json["type"], int(others[1].headers["Retry-After"]) > 0) == ("/problems/too-many-requests", True)
    assert upload(caller, tokens.headers("programme"), people(enterprise_id, 1)).status_code == 201
    worked(caller, provider, first)
    assert upload(caller, provider, people(enterprise_id, 1)).status_code == 201
