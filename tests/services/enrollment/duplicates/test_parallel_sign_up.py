"""Many sign up one enterprise at the same moment. Its NIB lets one of them in, even where no check came in time; without a
NIB the second to commit is judged again, and then the first is there to be seen.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from flask.testing import FlaskClient
from pymongo.errors import DuplicateKeyError

from services.enrollment.enterprises import commands
from services.enrollment.enterprises.model import Enterprise
from services.enrollment.settings import enrollment_settings
from shared.contracts.events.enrollment import EnterpriseRegistered
from shared.kernel.context import acting_as
from tests.support import factories
from tests.support.browser import served
from tests.support.declared_operations import app_of
from tests.support.factories import ALPHA, BETA, STAFF
from tests.support.records import events_said
from tests.support.tokens import Tokens

Client = Callable[[str], FlaskClient]


@pytest.fixture
def unchecked(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Without the comparison that usually refuses first: as if all of them had compared before any was stored."""
    monkeypatch.setenv("SCORE_GATE_DUPLICATE", "off")
    enrollment_settings.cache_clear()
    yield
    monkeypatch.undo()
    enrollment_settings.cache_clear()


@pytest.fixture
def both_look_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody goes on from the search for duplicates before everybody has made it once."""
    gate, been = threading.Barrier(2, timeout=60), threading.local()
    really = commands.refuse_duplicates

    def look(*arguments: Any, **options: Any) -> None:
        really(*arguments, **options)
        if not hasattr(been, "here"):
            been.here = True
            gate.wait()

    monkeypatch.setattr(commands, "refuse_duplicates", look)


@pytest.mark.usefixtures("both_look_first")
@pytest.mark.parametrize("other", ["Kayu Tjontoh Moerni", "Tenun Rahma"])
def test_of_two_that_resemble_each_other_one_is_let_in(client: Client, tokens: Tokens, other: str) -> None:
    client("enrollment")
    with acting_as(STAFF):
        for owner in (ALPHA, BETA):
            factories.institution(owner)
    names = ("Kayu Contoh Murni", other)
    alike = other != "Tenun Rahma"

    with served(app_of("enrollment")) as address:

        def sign_up(number: int) -> tuple[int, dict[str, Any]]:
            body = {
                "name": names[number], "legal_form": "CV", "province": "ID-JT", "place": "Kudus", "sector": "metal",
                "headcount": {"women": 20, "men": 20}, "contact": {"name": "Ratna"},
            }  # fmt: skip
            headers = tokens.headers("provider", institution=(ALPHA, BETA)[number])
            sent = Request(f"{address}/v1/enterprises", json.dumps(body).encode(), method="POST")
            for name, value in {**headers, "Content-Type": "application/json"}.items():
                sent.add_header(name, value)
            try:
                with urlopen(sent) as answer:
                    return answer.status, json.load(answer)
            except HTTPError as refused:
                return refused.code, json.load(refused)

        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(sign_up, range(2)))
    statuses = sorted(status for status, _ in answers)
    assert statuses == ([201, 409] if alike else [201, 201]), answers
    if alike:
        refused = next(answer for status, answer in answers if status == 409)
        assert (refused["type"], refused["others"]) == ("/problems/possible-duplicate", 1)
    with acting_as(STAFF):
        assert len(list(Enterprise.objects)) == len(events_said(EnterpriseRegistered)) == statuses.count(201)


@pytest.mark.usefixtures("unchecked")
def test_one_nib_is_registered_once(client: Client, tokens: Tokens) -> None:
    client("enrollment")
    with acting_as(STAFF):
        for owner in (ALPHA, BETA):
            factories.institution(owner)

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
        assert len(list(Enterprise.objects)) == len(events_said(EnterpriseRegistered)) == 1


def test_who_comes_later_with_a_number_of_the_providers_own_is_told_whose_it_is(
    client: Client, tokens: Tokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where it had waited: when it looked, the number was not taken; when it stored, the store had it."""
    client("enrollment")
    with acting_as(STAFF):
        factories.institution(ALPHA)
    really, made = commands.refuse_duplicates, list[Any]()

    def sign_up(name: str) -> Any:
        body = {
            "name": name, "legal_form": "CV", "province": "ID-JT", "sector": "metal", "external_id": "K-1",
            "headcount": {"women": 20, "men": 20}, "contact": {"name": "Ratna"},
        }  # fmt: skip
        headers = tokens.headers("provider", institution=ALPHA)
        return app_of("enrollment").test_client().post("/v1/enterprises", json=body, headers=headers)

    def look(enterprise: Enterprise, **options: Any) -> None:
        really(enterprise, **options)
        if enterprise.name == "Tenun Rahma" and not made:
            with ThreadPoolExecutor(1) as other:
                made.append(other.submit(sign_up, "Kayu Contoh Murni").result())
            raise DuplicateKeyError("another row has this number")  # a store may say it so, or have us try again

    monkeypatch.setattr(commands, "refuse_duplicates", look)
    refused = sign_up("Tenun Rahma")
    assert (made[0].status_code, refused.status_code) == (201, 409), refused.text
    assert (refused.json["type"], refused.json["existing_id"]) == ("/problems/external-id-taken", made[0].json["id"])
