"""Fixtures for pages: the embedded run's settings, sample people, a signed-in client, a browser's window."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from jwt.algorithms import OKPAlgorithm

from shared.kernel import ids
from shared.kernel.context import acting_as, tracing
from shared.kernel.principal import SYSTEM
from shared.kernel.settings.current import settings
from shared.kernel.trace import Trace, new_traceparent
from shared.web.pages.sign_in.sample_people import _key_id, sample_people, token_for
from tests.support.applications import app_for
from tests.support.browser import served
from tests.support.demo.service import SERVICE
from tests.support.monitor import MONITOR

PEOPLE = [
    {"sub": "sari", "name": "Sari Wulandari", "role": "programme",
     "description": {"id": "Mengelola program di kantor pusat.", "en": "Runs the programme at the main office."}},
    {"sub": "budi", "name": "Budi Santoso", "role": "provider", "institution": "0190b5a2-7c1e-7000-8000-000000000001",
     "description": {"id": "Lembaga pelatihan di Semarang.", "en": "Training provider in Semarang."}},
    {"sub": "made", "name": "Made Dewi", "role": "sponsor", "sponsor": "0190b5a2-7c1e-7000-8000-000000000002", "description": {}},
]  # fmt: skip


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "signing.pem").write_bytes(pem)
    public = {**OKPAlgorithm.to_jwk(key.public_key(), as_dict=True), "kid": _key_id(key), "alg": "EdDSA", "use": "sig"}
    (folder / "jwks.json").write_text(json.dumps({"keys": [public]}), encoding="utf-8")
    (folder / "people.json").write_text(json.dumps(PEOPLE), encoding="utf-8")
    return folder


@pytest.fixture
def embedded(keys: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The embedded run's settings; a test may change the environment further and clear the cache."""
    monkeypatch.setenv("SCORE_SIGNING_KEY", str(keys / "signing.pem"))
    monkeypatch.setenv("SCORE_PEOPLE_FILE", str(keys / "people.json"))
    monkeypatch.setenv("SCORE_JWKS_URL", (keys / "jwks.json").as_uri())
    monkeypatch.setenv("SCORE_COOKIE_SECRET", "only for tests")
    monkeypatch.setenv("SCORE_ADDRESSES", "enrollment=http://127.0.0.1:8101/,finance=http://127.0.0.1:8104/,demo=/")
    settings.cache_clear()
    yield monkeypatch
    settings.cache_clear()


@pytest.fixture
def app(embedded: pytest.MonkeyPatch) -> Flask:
    return app_for(SERVICE)


@pytest.fixture
def client(app: Flask) -> Any:
    return app.test_client()


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with served(app) as url:
        yield url


@pytest.fixture
def token(embedded: pytest.MonkeyPatch) -> Any:
    people = {person.subject: person for person in sample_people()}
    return lambda subject, hours=12: token_for(people[subject], timedelta(hours=hours))


@pytest.fixture
def staff(client: Any, token: Any) -> Any:
    """A client signed in as programme staff."""
    client.set_cookie("score_token", token("sari"), domain="localhost")
    return client


@pytest.fixture
def visit(browser, address, token):
    """A function that opens a page as programme staff, in a window of the wished kind."""
    opened = []

    def go(path, width=1280, language="id", person="sari", **options):
        context = browser.new_context(viewport={"width": width, "height": 800}, **options)
        opened.append(context)
        cookies = {"score_lang": language, **({"score_token": token(person)} if person else {})}
        context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies.items()])
        page = context.new_page()
        page.errors = []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.on(
            "console", lambda line: page.errors.append(line.text) if "Content Security Policy" in line.text else None
        )
        page.goto(address + path)
        return page

    yield go
    for context in opened:
        context.close()


@pytest.fixture
def site(embedded, store):
    """A function that opens a service on an empty store; from then on every write belongs to a transaction."""

    def open_service(service):
        store(service)
        MONITOR.watch()
        return app_for(service)

    trace = Trace(correlation_id=ids.new(), traceparent=new_traceparent())
    with acting_as(SYSTEM), tracing(trace):
        yield open_service
    MONITOR.finish(allowed={"access_log"})
