"""Lists: scope, filters, order, pages, CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import openpyxl
import pytest
from flask.testing import FlaskClient

from tests.support.callers import BETA, Callers

Plan = Callable[..., dict[str, Any]]
URL = "/v1/workshops"


def titles(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [item["title"] for item in answer.json["items"]]


@pytest.fixture
def several(plan: Plan) -> list[dict[str, Any]]:
    made = [
        plan(title=title, province="ID-JB" if number % 2 else "ID-JT", seats=10 + number // 3)
        for number, title in enumerate("gacebdf")
    ]
    plan(BETA, title="foreign")
    return made


def test_a_list_holds_what_the_caller_may_see(client: FlaskClient, callers: Callers, several: list[Any]) -> None:
    assert titles(client.get(URL, headers=callers.headers())) == list("gacebdf")
    assert titles(client.get(URL, headers=callers.headers("auditor")))[-1] == "foreign"
    assert titles(client.get(URL, headers=callers.headers("programme", institution=None))) == [*"gacebdf", "foreign"]


def test_filters_and_order(client: FlaskClient, callers: Callers, several: list[Any]) -> None:
    get = lambda query: titles(client.get(f"{URL}?{query}", headers=callers.headers()))  # noqa: E731
    assert get("sort=title") == list("abcdefg")
    assert get("sort=title&province=ID-JB") == sorted(row["title"] for row in several if row["province"] == "ID-JB")
    assert get("sort=title&seats=10") == sorted(row["title"] for row in several if row["seats"] == 10)
    assert get("state=held") == []
    assert get("sort=-id") == list("gacebdf")[::-1]


@pytest.mark.parametrize("sort", ["created_at", "-created_at", "title", "-title", "id", "-id"])
@pytest.mark.parametrize("limit", [1, 3, 7])
def test_pages_hold_each_row_once(
    client: FlaskClient, callers: Callers, several: list[Any], sort: str, limit: int
) -> None:
    whole = titles(client.get(f"{URL}?sort={sort}", headers=callers.headers()))
    found, url = [], f"{URL}?sort={sort}&limit={limit}"
    while url:
        answer = client.get(url, headers=callers.headers())
        assert len(answer.json["items"]) <= limit
        found += titles(answer)
        assert len(found) <= len(whole)
        url = answer.headers.get("Link", "").partition(">")[0].lstrip("<")
        assert bool(url) == (answer.json["next"] is not None)
    assert found == whole


def test_rows_added_while_reading_move_nothing(
    client: FlaskClient, callers: Callers, several: list[Any], plan: Plan
) -> None:
    first = client.get(f"{URL}?sort=title&limit=3", headers=callers.headers())
    plan(title="aa")
    rest = client.get(f"{URL}?sort=title&limit=9&cursor={first.json['next']}", headers=callers.headers())
    assert titles(first) + titles(rest) == list("abcdefg")


def test_a_cursor_belongs_to_its_order(client: FlaskClient, callers: Callers, several: list[Any]) -> None:
    cursor = client.get(f"{URL}?sort=title&limit=3", headers=callers.headers()).json["next"]
    for sort in ("-title", "created_at"):
        refused = client.get(f"{URL}?sort={sort}&cursor={cursor}", headers=callers.headers())
        assert (refused.status_code, refused.json["errors"][0]["parameter"]) == (400, "cursor")


def test_csv_has_the_rows_of_the_list_and_no_formula(client: FlaskClient, callers: Callers, plan: Plan) -> None:
    hostile = ["=1+1", "+1", "-1", "@SUM(A1)", "＝1+1", 'say "hi", now; then', "plain"]
    for title in hostile:
        plan(title=title, headcount={"women": 3}, fee={"amount": 1_500_000, "currency": "IDR"})
    plan(BETA, title="foreign")
    answer = client.get(f"{URL}?format=csv&province=ID-JB&limit=1", headers=callers.headers())
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="score-list-workshops-20')
    text = answer.data.decode()
    assert text.startswith("\ufeff")
    read = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [row["title"] for row in read] == [f"'{title}" if title[0] in "=+-@＝" else title for title in hostile]
    assert {row["headcount.women"] for row in read} == {"3"}
    assert {row["fee.amount"] for row in read} == {"1500000"}
    assert {row["days"] for row in read} == {"2026-12-01"}

    other = client.get(f"{URL}?format=csv&delimiter={quote(';')}", headers=callers.headers())
    assert other.data.decode("utf-8-sig").splitlines()[0].split(";")[2] == "title"


@pytest.mark.parametrize(("language", "heading"), [("id", "Jumlah orang: perempuan"), ("en", "Headcount: women")])
def test_a_workbook_has_the_rows_of_the_list_in_the_callers_language(
    client: FlaskClient, callers: Callers, plan: Plan, language: str, heading: str
) -> None:
    hostile = ["=1+1", "+1", "plain"]
    for title in hostile:
        plan(title=title, headcount={"women": 3})
    plan(BETA, title="foreign")
    headers = {**callers.headers(), "Accept-Language": language}
    answer = client.get(f"{URL}?format=xlsx&province=ID-JB&limit=1", headers=headers)
    assert answer.status_code == 200
    assert answer.mimetype == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert answer.headers["Content-Disposition"].endswith('.xlsx"')
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    headings, *rows = openpyxl.load_workbook(io.BytesIO(answer.data)).active.iter_rows()
    place = [cell.value for cell in headings].index(heading)
    assert [(row[2].value, row[2].data_type, row[place].value) for row in rows] == [
        (title, "s", 3) for title in hostile
    ]
