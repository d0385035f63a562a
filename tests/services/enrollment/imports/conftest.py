"""An enterprise whose provider sends sheets, in slices of five rows."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from services.enrollment.settings import enrollment_settings
from shared.kernel.context import acting_as
from tests.support import factories
from tests.support.declared_operations import app_of
from tests.support.factories import ALPHA, STAFF
from tests.support.fixture_types import Enter
from tests.support.tokens import Tokens


@pytest.fixture
def enterprise_id(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("SCORE_IMPORT_SLICE", "5")
    monkeypatch.setenv("SCORE_IMPORT_SLICE_SECONDS", "86400")  # no slice is ever too slow
    enrollment_settings.cache_clear()
    enter("enrollment")
    with acting_as(STAFF):
        factories.institution(ALPHA)
        yield factories.enterprise(ALPHA).id
    monkeypatch.undo()
    enrollment_settings.cache_clear()


@pytest.fixture
def caller(enterprise_id: UUID) -> FlaskClient:
    return app_of("enrollment").test_client()


@pytest.fixture
def provider(tokens: Tokens) -> dict[str, str]:
    return {**tokens.headers("provider", institution=ALPHA), "Accept-Language": "en"}
