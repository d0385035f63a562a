"""Links that notifications signs are confirmed by the keys it publishes."""

from __future__ import annotations

from typing import Any

import pytest

from shared.kernel.context import acting_as
from shared.kernel.settings.current import settings
from shared.storage import connection
from tests.support import factories
from tests.support.evaluations import answered, held
from tests.support.factories import ALPHA, STAFF
from tests.support.fixture_types import Client
from tests.support.tokens import Tokens


def test_notifications_signs_links_that_its_published_keys_confirm(
    client: Client, tokens: Tokens, configured: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    client("enrollment")
    with acting_as(STAFF):
        factories.institution(ALPHA)
    training, (person, *_) = held()
    signer = client("notifications")
    body = {"purpose": "evaluation", "subject_id": str(person), "object_id": str(training.id)}
    assert signer.post("/v1/links", json=body, headers=tokens.headers("provider")).status_code == 403
    link = signer.post("/v1/links", json=body, headers=tokens.headers("programme")).json["link"]
    (noted,) = connection.database()["access_log"].find({"action": "issue_link", "outcome": "allowed"})
    assert (noted["object"], noted["role"]) == (person, "programme"), "a person sees who else held a link of theirs"
    published = signer.get("/v1/keys")
    assert [key["alg"] for key in published.json["keys"]] == ["EdDSA"]
    assert "d" not in published.json["keys"][0]
    keys = tmp_path / "keys.json"
    keys.write_bytes(published.data)
    configured.setenv("SCORE_LINK_KEYS_URL", keys.as_uri())
    settings.cache_clear()
    client("enrollment")
    assert answered(link).status_code == 201
