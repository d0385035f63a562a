"""The hook by which every answer of every test is judged. It is put in when pytest starts, and cannot be left out:

in this process every application that has operations judges what it answers, whoever asks; what is asked over HTTP with
`requests` is judged where it is received. Processes that tests start write down what they are answered (`every_process`),
and it is judged when they have ended.
"""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from weakref import WeakKeyDictionary

import pytest
import requests
from flask import Flask, Response, request

from shared.web.answer import JSON
from shared.web.api.route import route_of
from shared.web.application import Application
from tests.support.contract import recorder
from tests.support.contract.document import Document

WRONG: list[str] = []
SEEN: set[tuple[str, str]] = set()  # operation and status, of the applications of this process
_documents: WeakKeyDictionary[Flask, Document] = WeakKeyDictionary()
_one_at_a_time = threading.Lock()
_answer, _receive = Application.process_response, requests.Session.send


def document_of(app: Flask) -> Document:
    with _one_at_a_time:
        if app not in _documents:
            (api,) = app.extensions["flask-smorest"]["apis"].values()
            _documents[app] = Document(api["ext_obj"].document())
        return _documents[app]


def _judged_answer(app: Application, response: Response) -> Response:
    response = _answer(app, response)
    route = route_of(app, request.endpoint)
    if route is not None and request.method in (route.method, "HEAD"):
        document = document_of(app)
        path = document.path_of(request.path)
        body = None if response.is_streamed else response.get_data()
        if body is not None and response.content_encoding == "gzip":
            body = gzip.decompress(body)
        faults = document.faults(path or "", request.method, response.status_code, dict(response.headers), body)
        WRONG.extend(f"{route.operation} {response.status_code}: {fault}" for fault in faults)
        SEEN.add((route.operation, str(response.status_code)))
        if response.status_code == route.status and response.mimetype == JSON and request.method == route.method:
            recorder.note(route, request.get_json(silent=True), json.loads(body or b"null"))
    return response


def _judged_received(session: requests.Session, asked: requests.PreparedRequest, **options: Any) -> requests.Response:
    response = _receive(session, asked, **options)
    body = None if options.get("stream") else response.content
    judge(asked.method or "", asked.url or "", response.status_code, response.headers, body)
    return response


def judge(method: str, url: str, status: int, headers: Any, body: bytes | None) -> None:
    """Judge an answer that came over HTTP, by its address alone."""
    document = every_service()
    path = document.path_of(unquote(urlsplit(url).path))
    if path is not None:
        faults = document.faults(path, method, status, headers, body)
        WRONG.extend(f"{method} {path} {status}: {fault}" for fault in faults)


def noting(folder: Path) -> dict[str, str]:
    """The variables by which a process notes its answers there."""
    folder.mkdir()
    return {"TEST_ANSWERS": str(folder), "PYTHONPATH": str(Path(__file__).with_name("every_process"))}


def judge_noted(folder: Path) -> int:
    """Judge what the processes of a test wrote down there, once; how much it was."""
    count = 0
    for file in folder.glob("*.answers"):
        for line in file.read_text(encoding="utf-8").splitlines():
            method, url, status, headers, body = json.loads(line)
            judge(method, url, status, requests.structures.CaseInsensitiveDict(headers), body.encode("latin-1"))
            count += 1
        file.unlink()
    return count


@cache
def every_service() -> Document:
    """The document of all services in one."""
    from deploy.api_document import api_document  # every service is loaded by it, which unit tests need not pay

    return Document(json.loads(api_document()))


def put_in() -> None:
    """Judge from now on, in this process."""
    Application.process_response = _judged_answer  # type: ignore[method-assign, assignment]
    requests.Session.send = _judged_received  # type: ignore[method-assign, assignment]


def is_in() -> bool:
    """Whether this process judges, with both of its ears."""
    return Application.process_response is _judged_answer and requests.Session.send is _judged_received  # type: ignore[comparison-overlap]


def taken() -> list[str]:
    """What was wrong since this was last asked."""
    wrong = sorted(set(WRONG))
    WRONG.clear()
    return wrong


@pytest.fixture(autouse=True)
def answers_keep_to_the_document() -> Iterator[None]:
    """Every answer that a test is given is as the service's OpenAPI document says."""
    assert is_in(), "something took the place of the hook"
    yield
    wrong = taken()
    assert not wrong, "\n".join(wrong[:20])


def pytest_sessionfinish(session: pytest.Session) -> None:
    """What was answered outside of tests, while fixtures of a module or of the session were laid, counts too."""
    if wrong := taken():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        print("\n".join(wrong))


put_in()
