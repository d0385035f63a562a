"""Two institutions on an empty store of enrollment, an enterprise of the first, callers, and an office in front of the pages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from services.enrollment.service import SERVICE
from shared.kernel.context import acting_as
from tests.support import factories
from tests.support.declared_operations import app_of
from tests.support.factories import ALPHA, BETA, STAFF
from tests.support.fixture_types import Enter
from tests.support.office import Office
from tests.support.tokens import Tokens


@pytest.fixture
def staff(enter: Enter) -> Any:
    enter("enrollment")
    with acting_as(STAFF):
        factories.institution(ALPHA)
        factories.institution(BETA, name="Lain Contoh")
        yield STAFF


@pytest.fixture
def enterprise_id(enter: Enter) -> Any:
    enter("enrollment")
    with acting_as(STAFF):
        factories.institution(ALPHA)
        yield factories.enterprise(ALPHA).id


@pytest.fixture
def caller(enterprise_id: UUID) -> FlaskClient:
    return app_of("enrollment").test_client()


@pytest.fixture
def provider(tokens: Tokens) -> dict[str, str]:
    return tokens.headers("provider", institution=ALPHA)


@pytest.fixture
def office(site):
    return Office(site(SERVICE))
