"""A signing key, callers with tokens, and a service on the run's store."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.applications import app_for
from tests.support.callers import ALPHA, Callers
from tests.support.engines import environment
from tests.support.fixture_types import Stores
from tests.support.workshops import SERVICE, effects


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
    return app_for(SERVICE)


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
