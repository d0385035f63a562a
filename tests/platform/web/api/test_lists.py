"""Lists: scope, filters, order, pages, CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import openpyxl
import pytest
from flask.testing import FlaskClient

from shared.kernel.settings.current import settings
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


def walk(client: FlaskClient, headers: Any, since: str, between: Callable[[], object] = lambda: None) -> list[Any]:
    """Follow the pages of what changed since; something may happen after the first."""
    url, found = f"{URL}?limit=2&updated_since={quote(since)}", []
    while url:
        answer = client.get(url, headers=headers)
        assert answer.status_code == 200, answer.text
        found += [(row["title"], row["version"]) for row in answer.json["items"]]
        url = answer.headers.get("Link", "").partition(">")[0].lstrip("<")
        if url:
            between()
            between = lambda: None  # noqa: E731
    return found


def test_what_changes_while_it_is_read_is_read(
    client: FlaskClient, callers: Callers, several: list[dict[str, Any]]
) -> None:
    headers = callers.headers()
    begun = client.get(f"{URL}?limit=1&sort=updated_at", headers=headers).json["as_of"]

    def revise(number: int) -> None:
        url = f"{URL}/{several[number]['id']}"
        assert client.patch(url, json={"seats": 99}, headers={**headers, "If-Match": "*"}).status_code == 200

    first = walk(client, headers, "2000-01-01T00:00:00Z", lambda: [revise(0), revise(6)])
    assert first == [*((title, 1) for title in "gaceb" + "d"), ("g", 2), ("f", 2)]
    again = walk(client, headers, begun)
    assert {("g", 2), ("f", 2)} <= set(again)
    assert walk(client, headers, "2999-01-01T00:00:00Z") == []


def test_a_change_that_is_stored_after_its_moment_is_not_left_out(
    client: FlaskClient, callers: Callers, several: list[dict[str, Any]]
) -> None:
    """Who asks for what changed since a moment gets what noted a moment before and was committed after it."""
    changed = client.get(f"{URL}/{several[0]['id']}", headers=callers.headers()).json["updated_at"]
    late = datetime.fromisoformat(changed) + timedelta(seconds=settings().transaction_seconds)
    assert ("g", 1) in walk(client, callers.headers(), late.isoformat())


@pytest.mark.parametrize("sort", ["-updated_at", "id", "title"])
def test_what_changed_comes_in_the_order_of_its_changes_only(client: FlaskClient, callers: Callers, sort: str) -> None:
    """Whoever reads page by page in another order would miss what changes meanwhile."""
    refused = client.get(f"{URL}?updated_since=2026-01-01T00:00:00Z&sort={sort}", headers=callers.headers())
    assert (refused.status_code, refused.json["errors"][0]["parameter"]) == (400, "sort")


@pytest.mark.parametrize("since", ["yesterday", "2026-01-01", "2026-01-01T00:00:00", ""])
def test_a_moment_without_its_zone_is_refused(client: FlaskClient, callers: Callers, since: str) -> None:
    refused = client.get(f"{URL}?updated_since={since}", headers=callers.headers())
    assert (refused.status_code, refused.json["errors"][0]["parameter"]) == (400, "updated_since")


def test_what_changed_comes_as_a_sheet_too(client: FlaskClient, callers: Callers, several: list[Any]) -> None:
    get = lambda since: client.get(f"{URL}?format=csv&updated_since={since}", headers=callers.headers()).text  # noqa: E731
    assert len(get("2000-01-01T00:00:00Z").splitlines()) == len(several) + 1
    assert len(get("2999-01-01T00:00:00Z").splitlines()) == 1
    earliest = client.get(f"{URL}?updated_since=0001-01-01T00:00:00Z", headers=callers.headers())
    assert earliest.status_code == 200
