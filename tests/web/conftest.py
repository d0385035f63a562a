"""One real store for the run of these tests, a signing key, and callers with tokens."""

from __future__ import annotations

import base64
import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from flask.testing import FlaskClient
from pymongo.errors import PyMongoError

from shared.messaging import outbox
from shared.runtime.settings import settings
from shared.storage import connection, indexes
from shared.web import access_log, idempotency
from shared.web.application import create_app
from tests.web.workshops import SERVICE, Workshop, effects

KID = "test-key"
ALPHA = UUID("018f0000-0000-7000-8000-00000000000a")
BETA = UUID("018f0000-0000-7000-8000-00000000000b")


class Callers:
    """Tokens, and headers that carry them."""

    def __init__(self, folder: Path) -> None:
        self.key = Ed25519PrivateKey.generate()
        raw = base64.urlsafe_b64encode(self.key.public_key().public_bytes_raw()).rstrip(b"=").decode()
        self.jwk = {"kty": "OKP", "crv": "Ed25519", "x": raw, "kid": KID, "use": "sig", "alg": "EdDSA"}
        self.jwks = folder / "jwks.json"
        self.jwks.write_text(json.dumps({"keys": [self.jwk]}))

    def claims(self, role: str = "provider", **changes: Any) -> dict[str, Any]:
        now = int(time.time())
        made = {"iss": "score-embedded", "aud": "score", "sub": f"{role}-1", "role": role, "iat": now, "exp": now + 600}
        if role == "provider":
            made["institution"] = str(ALPHA)
        made.update(changes)
        return {name: value for name, value in made.items() if value is not None}

    def token(self, role: str = "provider", *, headers: dict[str, Any] | None = None, **changes: Any) -> str:
        return jwt.encode(self.claims(role, **changes), self.key, "EdDSA", headers={"kid": KID, **(headers or {})})

    def headers(self, role: str = "provider", **changes: Any) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token(role, **changes)}"}


@pytest.fixture(scope="session")
def store_url() -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="score-web-"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = Path(sys.executable).with_name("secantusd-py")
    arguments = ["--host", "127.0.0.1", "--port", str(port), "--storage-path", str(folder / "store")]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [program, *arguments, "--sync-on-commit", "--cache-size", "256M"], stdout=log, stderr=log
        )
    try:
        yield f"mongodb://127.0.0.1:{port}"
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def callers() -> Iterator[Callers]:
    folder = Path(tempfile.mkdtemp(prefix="score-keys-"))
    yield Callers(folder)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def configured(store_url: str, callers: Callers) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCORE_MONGO_URL", store_url)
        patch.setenv("SCORE_JWKS_URL", callers.jwks.as_uri())
        patch.setenv("SCORE_DATABASE_PREFIX", "webtest")
        patch.setenv("SCORE_RATE_LIMIT", "100000 per minute")
        settings.cache_clear()
        connection.connect(SERVICE.name)
        _wait_for_store()
        shared = {**outbox.COLLECTIONS, **idempotency.COLLECTIONS, **access_log.COLLECTIONS}
        models = {"workshops": Workshop.INDEXES, **shared}
        indexes.create(connection.database(), models)
        yield
        connection.disconnect()
    settings.cache_clear()


def _wait_for_store() -> None:
    until = time.monotonic() + 20
    while True:
        try:
            connection.ping()
        except PyMongoError:
            if time.monotonic() > until:
                raise
        else:
            return


@pytest.fixture(scope="session")
def app(configured: None) -> Flask:
    return create_app(SERVICE)


@pytest.fixture
def client(app: Flask) -> Iterator[FlaskClient]:
    database = connection.database()
    for name in ("workshops", "idempotency", "access_log"):
        database[name].delete_many({})
    effects.clear()
    with app.test_client() as made:
        yield made


@pytest.fixture
def plan(client: FlaskClient, callers: Callers) -> Callable[..., dict[str, Any]]:
    def make(institution: UUID = ALPHA, **changes: Any) -> dict[str, Any]:
        body = {"title": "Kaizen", "province": "ID-JB", "seats": 12, "days": ["2026-12-01"], **changes}
        made = client.post("/v1/workshops", json=body, headers=callers.headers(institution=str(institution)))
        assert made.status_code == 201, made.json
        return dict(made.json or {})

    return make
