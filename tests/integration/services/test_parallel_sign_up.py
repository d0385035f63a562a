"""Many sign up one enterprise at the same moment: its NIB lets one of them in, even where no check came in time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask.testing import FlaskClient

from services.enrollment.enterprise import Enterprise
from services.enrollment.settings import enrollment_settings
from shared.contracts.enrollment import EnterpriseRegistered
from shared.runtime.context import acting_as
from tests.integration.services import worlds
from tests.integration.services.declared import app_of
from tests.integration.services.records import facts_said
from tests.integration.services.tokens import Tokens
from tests.integration.services.worlds import ALPHA, BETA, STAFF

Client = Callable[[str], FlaskClient]


@pytest.fixture
def unchecked(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Without the comparison that usually refuses first: as if all of them had compared before any was stored."""
    monkeypatch.setenv("SCORE_GATE_DUPLICATE", "off")
    enrollment_settings.cache_clear()
    yield
    monkeypatch.undo()
    enrollment_settings.cache_clear()


@pytest.mark.usefixtures("unchecked")
def test_one_nib_is_registered_once(client: Client, tokens: Tokens) -> None:
    client("enrollment")
    with acting_as(STAFF):
        for owner in (ALPHA, BETA):
            worlds.institution(owner)

    def sign_up(number: int) -> int:
        owner = (ALPHA, BETA)[number % 2]
        body = {
            "name": f"Kayu Contoh {number}", "legal_form": "CV", "province": "ID-JT", "sector": "metal",
            "nib": "9120001234567", "headcount": {"women": 20, "men": 20}, "contact": {"name": "Ratna"},
            "confirm_distinct": "other",
        }  # fmt: skip
        headers = tokens.headers("provider", institution=owner)
        return app_of("enrollment").test_client().post("/v1/enterprises", json=body, headers=headers).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(sign_up, range(8)))
    assert statuses.count(201) == 1, statuses
    assert set(statuses) <= {201, 409, 503}, statuses
    with acting_as(STAFF):
        assert len(list(Enterprise.objects)) == len(facts_said(EnterpriseRegistered)) == 1
