"""How an answer is written: in which language, format and encoding, with a tag of its own; and what is told of the limit."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from services.enrollment.service import SERVICE as ENROLLMENT
from shared.kernel import ids
from shared.kernel.context import acting_as
from shared.tabular.media_types import CSV, XLSX
from shared.web.answer import JSON
from tests.support import factories
from tests.support.applications import app_for
from tests.support.callers import Callers
from tests.support.engines import environment
from tests.support.factories import ALPHA, STAFF
from tests.support.fixture_types import Stores

Plan = Callable[..., dict[str, Any]]
URL = "/v1/workshops"


@pytest.fixture
def large(client: FlaskClient, plan: Plan) -> str:
    for number in range(8):
        plan(title=f"Kaizen {number}")
    return URL


def test_what_is_large_is_compressed_for_who_takes_it(client: FlaskClient, callers: Callers, large: str) -> None:
    plain = client.get(large, headers=callers.headers())
    packed = client.get(large, headers=callers.headers() | {"Accept-Encoding": "br, gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert plain.vary.to_header() == packed.vary.to_header() == "Accept, Accept-Encoding"
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data)
    unpacked = gzip.decompress(packed.data)
    assert unpacked.partition(b'"as_of"')[0] == plain.data.partition(b'"as_of"')[0]


def test_a_sheet_is_compressed_as_it_is_written(client: FlaskClient, callers: Callers, large: str) -> None:
    plain, packed = (
        client.get(f"{large}?format=csv", headers=callers.headers() | {"Accept-Encoding": taken})
        for taken in ("identity", "gzip")
    )
    assert gzip.decompress(packed.data) == plain.data


def test_who_does_not_take_it_or_brings_a_cookie_gets_it_plain(
    client: FlaskClient, callers: Callers, large: str
) -> None:
    refusing = client.get(large, headers=callers.headers() | {"Accept-Encoding": "gzip;q=0"})
    client.set_cookie("score_lang", "en", domain="localhost")
    visiting = client.get(large, headers=callers.headers() | {"Accept-Encoding": "gzip"})
    assert not {"Content-Encoding"} & {*refusing.headers.keys(), *visiting.headers.keys()}


def test_a_page_and_what_is_small_are_never_compressed(client: FlaskClient, callers: Callers, plan: Plan) -> None:
    taken = {"Accept-Encoding": "gzip"}
    small = client.get(f"{URL}/{plan()['id']}", headers=callers.headers() | taken)
    page = client.get("/docs", headers=taken)
    assert (small.status_code, page.status_code) == (200, 200)
    assert not {"Content-Encoding"} & {*small.headers.keys(), *page.headers.keys()}


def test_a_compressed_version_has_its_own_tag_and_is_changed_by_either(
    client: FlaskClient, callers: Callers, plan: Plan
) -> None:
    made, headers = plan(), callers.headers() | {"Accept-Encoding": "gzip"}
    with environment(SCORE_GZIP_BYTES="10"):
        tag = client.get(f"{URL}/{made['id']}", headers=headers).headers["ETag"]
    assert tag == '"1-gzip"'
    assert client.get(f"{URL}/{made['id']}", headers=headers | {"If-None-Match": tag}).status_code == 304
    changed = client.patch(f"{URL}/{made['id']}", json={"seats": 20}, headers=headers | {"If-Match": tag})
    assert changed.status_code == 200
    stale = client.patch(f"{URL}/{made['id']}", json={"seats": 21}, headers=headers | {"If-Match": '"1"'})
    assert stale.status_code == 412


def test_each_language_of_an_answer_with_words_has_its_own_tag(
    store: Stores, callers: Callers, configured: None
) -> None:
    store("enrollment")
    with acting_as(STAFF):
        factories.institution(ALPHA)
        training = factories.training(ALPHA, trainer=factories.entitled(ids.new(), of=ALPHA))
        url = f"/v1/trainings/{training.id}"
    client, headers = app_for(ENROLLMENT).test_client(), callers.headers()
    told = {
        language: client.get(url, headers=headers | {"Accept-Language": language}).headers
        for language in ("id", "en-GB")
    }
    assert [headers["ETag"] for headers in told.values()] == ['"1-id"', '"1-en"']
    assert all("Accept-Language" in headers["Vary"] for headers in told.values())
    same, other = (
        client.get(url, headers=headers | {"Accept-Language": "en", "If-None-Match": tag})
        for tag in ('"1-en"', '"1-id"')
    )
    assert (same.status_code, other.status_code) == (304, 200)
    assert "Accept-Language" in same.headers["Vary"]


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        (URL, "text/html"),
        (URL, "application/xml, text/plain"),
        (f"{URL}?format=csv", "application/json"),
        (URL, "application/json;q=0"),
    ],
)
def test_a_caller_who_takes_nothing_that_there_is_is_told(
    client: FlaskClient, callers: Callers, path: str, accept: str
) -> None:
    refused = client.get(path, headers=callers.headers() | {"Accept": accept})
    assert (refused.status_code, refused.json["type"]) == (406, "/problems/not-acceptable")
    assert refused.json["errors"][0]["header"] == "Accept"


@pytest.mark.parametrize("accept", ["", "*/*", "application/*", "text/html, */*;q=0.1", "application/json"])
def test_who_takes_json_among_others_gets_it(client: FlaskClient, callers: Callers, accept: str) -> None:
    assert client.get(URL, headers=callers.headers() | {"Accept": accept}).status_code == 200


@pytest.mark.parametrize(
    ("accept", "given"),
    [
        ("text/csv", CSV),
        (XLSX, XLSX),
        ("text/csv, application/json;q=0.5", CSV),
        ("application/*, text/csv;q=0.9", JSON),
    ],
)
def test_a_list_comes_in_the_format_that_its_caller_likes_best(
    client: FlaskClient, callers: Callers, large: str, accept: str, given: str
) -> None:
    answer = client.get(large, headers=callers.headers() | {"Accept": accept})
    assert (answer.status_code, answer.mimetype) == (200, given)
    assert "Accept" in answer.vary


def test_nothing_is_done_for_who_could_not_take_the_answer(client: FlaskClient, callers: Callers, plan: Plan) -> None:
    made, headers = plan(), callers.headers() | {"Accept": "text/html", "If-Match": "*"}
    assert client.patch(f"{URL}/{made['id']}", json={"seats": 20}, headers=headers).status_code == 406
    assert client.get(f"{URL}/{made['id']}", headers=callers.headers()).json["seats"] == made["seats"]


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/v1/nothing", 404), ("DELETE", URL, 405), ("GET", "/v1/workshops/7", 404)]
)
def test_what_no_operation_answers_is_a_problem_document(
    client: FlaskClient, callers: Callers, method: str, path: str, status: int
) -> None:
    answer = client.open(path, method=method, headers=callers.headers() | {"Accept": "text/html"})
    assert (answer.status_code, answer.mimetype, answer.json["status"]) == (status, "application/problem+json", status)


def test_everybody_is_told_how_much_of_the_limit_is_left(store: Stores, callers: Callers, configured: None) -> None:
    with environment(SCORE_RATE_LIMIT="2 per hour"):
        caller = app_for(ENROLLMENT).test_client()
    store("enrollment")
    answers = [caller.get("/v1/modules", headers=callers.headers()) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    told = [[answer.headers[f"RateLimit-{name}"] for name in ("Limit", "Remaining")] for answer in answers]
    assert told == [["2", "1"], ["2", "0"], ["2", "0"]]
    assert all(3_500 < int(answer.headers["RateLimit-Reset"]) <= 3_601 for answer in answers)
    assert answers[2].headers["RateLimit-Reset"] == answers[2].headers["Retry-After"]
