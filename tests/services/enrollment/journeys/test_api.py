"""A journey says in words what is missing."""

from __future__ import annotations

from shared.kernel.principal import Principal
from tests.support import factories
from tests.support.factories import ALPHA, BETA
from tests.support.fixture_types import Client
from tests.support.tokens import Tokens


def test_a_journey_says_in_words_what_is_missing(client: Client, tokens: Tokens, staff: Principal) -> None:
    caller, enterprise = client("enrollment"), factories.enterprise(ALPHA)
    training = factories.delivered(ALPHA, enterprise.id)
    url, headers = (
        f"/v1/journeys/{training.rosters[0].journey_id}",
        tokens.headers("enterprise", enterprise=enterprise.id),
    )
    said = [
        caller.get(url, headers={**headers, "Accept-Language": language}).json["missing"] for language in ("id", "en")
    ]
    assert [(part["part"], part["count"]) for (part,) in said] == [("visits", training.required_visits)] * 2
    assert said[0][0]["detail"].startswith("Kunjungan")
    assert said[1][0]["detail"].startswith("Accepted visits")
    assert caller.get(url, headers=tokens.headers("provider", institution=BETA)).status_code == 404
