"""A signing key, callers with tokens, and a service on the run's store."""

from __future__ import annotations

import base64
import json
import shutil
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

from shared.web.application import create_app
from tests.conftest import Stores
from tests.engines import environment
from tests.web.workshops import SERVICE, effects

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
def callers() -> Iterator[Callers]:
    folder = Path(tempfile.mkdtemp(prefix="score-keys-"))
    yield Callers(folder)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def configured(callers: Callers) -> Iterator[None]:
    changed = {"SCORE_JWKS_URL": callers.jwks.as_uri(), "SCORE_RATE_LIMIT": "100000 per minute"}
    with environment(**changed):
        yield


@pytest.fixture(scope="session")
def application(configured: None) -> Flask:
    return create_app(SERVICE)


@pytest.fixture
def app(application: Flask, store: Stores) -> Flask:
    store(SERVICE)
    return application


@pytest.fixture
def client(app: Flask) -> Iterator[FlaskClient]:
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
