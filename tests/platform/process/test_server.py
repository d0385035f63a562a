"""What a web process asks about the tokens it is shown."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shared.access import ended_tokens, mergers, suspensions
from shared.kernel import clock, ids
from shared.kernel.principal import Principal
from shared.process.server import token_checks
from shared.storage import connection
from shared.web.application import create_app
from tests.support.fixture_types import Stores
from tests.support.workshops import SERVICE


def test_a_running_service_asks_its_store_about_every_token(store: Stores) -> None:
    store(SERVICE)
    suspended, given_up, kept = ids.new(), ids.new(), ids.new()
    database = connection.database()
    database[suspensions.COLLECTION].insert_one({"_id": suspended, "suspended_at": clock.now()})
    database[mergers.COLLECTION].insert_one({"_id": given_up, "kept_id": kept})
    ended_tokens.EndedTokens().add("header.claims.signature", 4_000_000_000.0)
    checks = token_checks()
    assert checks.is_suspended(Principal(subject="sari", role="provider", institution=suspended))
    assert checks.kept_enterprise(given_up) == kept
    assert checks.ended.holds("header.claims.signature")


def test_an_application_is_not_made_without_its_checks_of_tokens() -> None:
    make: Callable[..., object] = create_app
    with pytest.raises(TypeError, match="token_checks"):
        make(SERVICE)
