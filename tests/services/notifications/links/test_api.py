"""Links that notifications signs are confirmed by the keys it publishes."""

from __future__ import annotations

import importlib
from typing import Any
from uuid import UUID

import bson
import pytest

from services.notifications.links.commands import letter_link
from services.notifications.links.keys import link_keys
from services.notifications.links.queries import public_keys, signing_key
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM
from shared.kernel.settings.current import settings
from shared.storage import connection
from shared.storage.transaction import transactional
from tests.support import factories
from tests.support.evaluations import answered, held
from tests.support.factories import ALPHA, STAFF
from tests.support.fixture_types import Client, Enter
from tests.support.tokens import Tokens


def encoded(row: dict[str, Any]) -> bytes:
    return bson.encode(row, codec_options=connection.database().codec_options)


@transactional
def linked(person: UUID, training: UUID) -> str:
    """The link as it stands in a letter."""
    return letter_link("evaluation", person, training).rpartition("/")[2]


def test_notifications_signs_links_that_its_published_keys_confirm(
    client: Client, configured: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    client("enrollment")
    with acting_as(STAFF):
        factories.institution(ALPHA)
    training, (person, *_) = held()
    signer = client("notifications")
    with acting_as(SYSTEM):
        link = linked(person, training.id)
    published = signer.get("/v1/keys")
    assert [key["alg"] for key in published.json["keys"]] == ["EdDSA"]
    assert "d" not in published.json["keys"][0]
    keys = tmp_path / "keys.json"
    keys.write_bytes(published.data)
    configured.setenv("SCORE_LINK_KEYS_URL", keys.as_uri())
    settings.cache_clear()
    client("enrollment")
    assert answered(link).status_code == 201


def test_a_link_is_handed_to_nobody_but_its_person(client: Client, tokens: Tokens) -> None:
    """Who may have links for four of five knows the marks of the fifth."""
    body = {"purpose": "evaluation", "subject_id": str(ALPHA), "object_id": str(ALPHA)}
    answer = client("notifications").post("/v1/links", json=body, headers=tokens.headers("programme"))
    assert answer.status_code == 404


def test_the_key_that_signs_lies_sealed(enter: Enter) -> None:
    """A reader of the store would else make a link for everybody, and ask with it who has answered."""
    enter("notifications")
    with acting_as(SYSTEM):
        raw = signing_key().private_key(link_keys()).private_bytes_raw()
    (row,) = connection.database()["signing_keys"].find({})
    assert raw not in encoded(row)


def test_a_key_in_clear_is_sealed_by_the_migration_and_stays_the_same(enter: Enter) -> None:
    enter("notifications")
    with acting_as(SYSTEM):
        before, raw = public_keys(), signing_key().private_key(link_keys()).private_bytes_raw()
        rows = connection.database()["signing_keys"]
        (row,) = rows.find({})
        rows.replace_one({"_id": row["_id"]}, {"_id": row["_id"], "private": raw})
        migration = importlib.import_module("services.notifications.migrations.0002_sealed_signing_key")
        for _ in range(2):
            migration.apply(connection.database())
            (row,) = rows.find({})
            assert raw not in encoded(row)
            assert public_keys() == before
